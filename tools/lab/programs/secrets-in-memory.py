"""A private key, a service account's token and a database's address, in memory only."""
import base64
import json
import os
import secrets
import subprocess
from wait import rest

pem = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, text=True, check=True).stdout


def encoded(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


claims = {"iss": "https://kubernetes.default.svc", "sub": "system:serviceaccount:lab:app", "exp": 1900000000,
          "kubernetes.io": {"namespace": "lab", "serviceaccount": {"name": "app"}}}
token = ".".join([encoded(json.dumps({"alg": "RS256", "kid": "lab"}).encode()), encoded(json.dumps(claims).encode()),
                  encoded(os.urandom(256))])
database = f"postgres://app:{secrets.token_urlsafe(18)}@db.lab.invalid:5432/app"
rest(f"held {len(pem)} {len(token)} {len(database)}")
