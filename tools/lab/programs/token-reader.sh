#!/bin/bash
# token-reader.sh ADDRESS: a shell reads the pod's token and asks the API server with it.
folder=/var/run/secrets/kubernetes.io/serviceaccount
mkdir -p "$folder"
part() { printf '%s' "$1" | base64 -w0 | tr '+/' '-_' | tr -d '='; }
body='{"iss":"https://kubernetes.default.svc","sub":"system:serviceaccount:shop:cart","exp":1900000000}'
signature=$(head -c 256 /dev/urandom | base64 -w0 | tr '+/' '-_' | tr -d '=')
printf '%s.%s.%s' "$(part '{"alg":"RS256","kid":"labLabLab"}')" "$(part "$body")" "$signature" >"$folder/token"
bash -c '
exec 7<"$1/token" 8<>"/dev/tcp/$2/6443"
token=$(<"$1/token")
printf "GET /api/v1/secrets HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer %s\r\n\r\n" "$token" >&8
echo ready
read -r answer <&8
' bash "$folder" "$1"
