/** `VERIFY.md` of a bundle. What it tells to run is run by a test. */
export const verifyInstructions = `# How to check this bundle

Nothing here needs a network. What you trust from elsewhere are the public keys: compare \`trust.json\` with the keys
that the sender gave you by another way. Whoever forges a bundle can forge the keys in it.

## With icecore

\`\`\`sh
icecore verify --trust trust-from-the-sender.json .
\`\`\`

It ends with 0 where everything holds. Otherwise it names the first thing that does not, then the rest, and ends with 1.

## Without icecore

With \`sha256sum\`, \`jq\` and \`openssl\` 3. Run this in the bundle's folder.

Every file is as it was exported:

\`\`\`sh
sha256sum --check --strict SHA256SUMS
\`\`\`

The archive is the one that the manifest names:

\`\`\`sh
for manifest in evidence/clusters/*/*/*/*/manifest.json; do
  echo "$(jq -r .archive.sha256 "$manifest")  $(dirname "$manifest")/archive.tar" | sha256sum --check --strict || exit 1
done
\`\`\`

Each entry of the ledger has the hash that it says it has, follows the one before it, and is signed (Ed25519; for
\`ecdsa-p256-sha256\` add \`-digest sha256\`). The signed bytes are the entry without \`hash\` and \`signature\`:

\`\`\`sh
for ledger in evidence/clusters/*/*/*/*/ledger; do
  previous=null
  for entry in "$ledger"/*.json; do
    jq -cjS 'del(.hash, .signature)' "$entry" > /tmp/signed.bin
    [ "$(sha256sum < /tmp/signed.bin | cut -d ' ' -f 1)" = "$(jq -r .hash "$entry")" ] || { echo "$entry: another hash"; exit 1; }
    [ "$(jq -r .previous "$entry")" = "$previous" ] || { echo "$entry: does not follow"; exit 1; }
    previous=$(jq -r .hash "$entry")
    jq -r .signature "$entry" | base64 -d > /tmp/signature.bin
    number=$(jq --arg id "$(jq -r .keyId "$entry")" '[.keys[].keyId] | index($id) + 1' trust.json)
    openssl pkeyutl -verify -pubin -inkey "keys/$number.pem" -rawin -in /tmp/signed.bin -sigfile /tmp/signature.bin > /dev/null || { echo "$entry: signature does not hold"; exit 1; }
  done
done
echo every ledger holds
\`\`\`

The last hash of each ledger is the one in \`heads.json\`; compare it with one that you know from an earlier export or a
report, for a ledger that was cut shows nothing by itself. The manifest's hash is among the subjects of the entry
\`sealed\`. A time stamp, where there is one, is over the manifest:

\`\`\`sh
for stamp in evidence/clusters/*/*/*/*/timestamps/manifest.tsr; do
  [ -e "$stamp" ] || continue
  cat authorities/*.pem > /tmp/authorities.pem
  openssl ts -verify -in "$stamp" -data "$(dirname "$(dirname "$stamp")")/manifest.json" -CAfile /tmp/authorities.pem || exit 1
done
\`\`\`

Hashes of single entries of the archive form a tree (RFC 6962): \`entriesRoot\` in the manifest. One image can be proven with
the hashes beside its way to the root, without the rest of the archive.
`;
