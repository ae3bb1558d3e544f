/** `VERIFY.md` of a bundle. What it tells to run is run by a test. */
export const verifyInstructions = `# How to check this bundle

Nothing here needs a network. What you must have from elsewhere are the public keys: compare \`trust.json\` with the keys
that the sender gave you by another way. Whoever forges a bundle can forge the keys in it, and this text.

| file | what it is |
| --- | --- |
| \`evidence/clusters/…/archive.tar\` | what was captured, byte for byte |
| \`evidence/clusters/…/manifest.json\` | what, where, why, when, by whom; every entry of the archive with its hash; gaps |
| \`evidence/clusters/…/ledger/\`, \`heads/\` | what happened to it since, each entry signed; signed words on how long the ledger was |
| \`case.jsonld\` | the same for other tools, in the words of CASE and UCO |
| \`heads.json\` | where each ledger ended when this was exported |

## With icecore

\`\`\`sh
icecore verify --trust trust-from-the-sender.json .
\`\`\`

It ends with 0 where everything holds. Otherwise it names the first thing that does not, then the rest, and ends with 1.

## Without icecore

With \`sha256sum\`, \`python3\` (3.9 or newer) and \`openssl\` 3, in the bundle's folder.

Every file is as it was exported:

\`\`\`sh
sha256sum --check --strict --quiet SHA256SUMS && echo every file is as it was exported
\`\`\`

That alone proves little, for the sums are in the bundle too. What is signed does. The next script checks that the
keys and certificates that are used are those of \`trust.json\`, that there is no file that the sums do not speak of, and of
each capture: that every entry of the ledger has the hash it says it has, follows the one before it and is signed by a key of
\`trust.json\`; that every signed head is of the entry it names; that \`heads.json\` is where the ledger ends; that the entry
\`sealed\` is about this manifest; that the archive and what lies beside it have the hashes that the manifest gives, and what
was derived the hash that the ledger gives; that what is gone is gone because an entry \`expired\` says so; and that the
manifest's entries have the root that it gives (a hash tree as in RFC 6962, so that one image can be proven with the
hashes beside its way to the root, without the rest of the archive).

\`\`\`sh
python3 - <<'CHECK'
import base64, glob, hashlib, json, os, subprocess, sys, tempfile

def stop(place, reason):
    sys.exit(f'{place}: {reason}')

def sha256(data):
    return hashlib.sha256(data).hexdigest()

def sha256_of_file(path):
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()

def load(path):
    with open(path, encoding='utf-8') as file:
        return json.load(file)

def canonical(value):  # RFC 8785: sorted names, no spaces
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode()

def root(leaves):  # RFC 6962, section 2.1
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b'\\1' + root(leaves[:split]) + root(leaves[split:])).digest()

def must_be(path, text):
    """What the next commands use is what trust.json has, which is what you compared."""
    with open(path, encoding='utf-8') as file:
        if file.read() != text:
            stop(path, 'is not what trust.json has')

trust = load('trust.json')
keys = [key['keyId'] for key in trust['keys']]
for number, key in enumerate(trust['keys'], 1):
    must_be(f'keys/{number}.pem', key['publicKey'])
for number, certificate in enumerate(trust['timestampAuthorities'], 1):
    must_be(f'authorities/{number}.pem', certificate)
with open('SHA256SUMS', encoding='utf-8') as file:
    listed = {line.rstrip('\\n')[66:] for line in file}
for folder, _, names in os.walk('.'):
    for name in names:
        path = os.path.relpath(os.path.join(folder, name), '.')
        if path != 'SHA256SUMS' and path not in listed:
            stop(path, 'is in the bundle, and SHA256SUMS does not speak of it')
ends = {end['captureKey']: end for end in load('heads.json')}
work = tempfile.TemporaryDirectory()
said, signature = os.path.join(work.name, 'said'), os.path.join(work.name, 'signature')

def check_signature(path, value):
    """The signature is over the object without 'hash' and 'signature'. Gives the SHA-256 of those bytes."""
    data = canonical({name: part for name, part in value.items() if name not in ('hash', 'signature')})
    if value['keyId'] not in keys:
        stop(path, 'is signed by a key that is not in trust.json')
    open(said, 'wb').write(data)
    open(signature, 'wb').write(base64.b64decode(value['signature']))
    digest = ['-digest', 'sha256'] if value['algorithm'] == 'ecdsa-p256-sha256' else []
    pem = f"keys/{keys.index(value['keyId']) + 1}.pem"
    command = ['openssl', 'pkeyutl', '-verify', '-pubin', '-inkey', pem, '-rawin', *digest, '-in', said, '-sigfile', signature]
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode != 0:
        stop(path, 'has a signature that does not hold')
    return sha256(data)

for capture in sorted(glob.glob('evidence/clusters/*/*/*/*/')):
    key, manifest = capture.removeprefix('evidence/'), load(capture + 'manifest.json')
    hashes, previous, sealed, expired, derived = {}, None, None, {}, {}
    for number, path in enumerate(sorted(glob.glob(capture + 'ledger/*.json')), 1):
        entry = load(path)
        if check_signature(path, entry) != entry['hash']:
            stop(path, 'has a hash that is not the hash of what it says')
        if entry['captureId'] != manifest['captureId'] or entry['seq'] != number or entry['previous'] != previous:
            stop(path, 'does not follow the entry before it')
        previous = hashes[number] = entry['hash']
        if entry['action'] == 'sealed':
            sealed = {subject['key']: subject['sha256'] for subject in entry['subjects']}
        if entry['action'] == 'expired':
            expired.update({subject['key']: subject['sha256'] for subject in entry['subjects']})
        if entry['action'] in ('derived', 'decoded'):
            derived.update({subject['key']: subject for subject in entry['subjects'] if subject['key'].startswith(key + 'derived/')})
    for path in sorted(glob.glob(capture + 'heads/*.json')):
        head = load(path)
        check_signature(path, head)
        if hashes.get(head['seq']) != head['head']:
            stop(path, 'is about an entry that the ledger does not have')
    end = ends.get(key)
    if end is None or (end['seq'], end['head']) != (len(hashes), previous):
        stop(key, 'its ledger does not end as heads.json says')
    if sealed is None or sealed.get(key + 'manifest.json') != sha256_of_file(capture + 'manifest.json'):
        stop(capture + 'manifest.json', 'is not the manifest that was sealed')
    for part in [manifest['archive'], *manifest['side'], *derived.values()]:
        if not os.path.exists('evidence/' + part['key']):
            if expired.get(part['key']) != part['sha256']:
                stop(part['key'], 'is missing, and nothing says that it expired')
            print(f"expired: {part['key']}")
        elif sha256_of_file('evidence/' + part['key']) != part['sha256']:
            stop(part['key'], 'does not have the SHA-256 that the manifest or the ledger gives')
    leaves = [hashlib.sha256(b'\\0' + canonical(entry)).digest() for entry in manifest['entries']]
    if root(leaves).hex() != manifest['entriesRoot']:
        stop(capture + 'manifest.json', 'has entries with another root than it gives')
    print(f"holds: {key}, {len(hashes)} ledger entries, the last of hash {previous}")
if set(ends) != {capture.removeprefix('evidence/') for capture in glob.glob('evidence/clusters/*/*/*/*/')}:
    stop('heads.json', 'speaks of other captures than the bundle has')
CHECK
\`\`\`

Compare the last hash with one that you know from elsewhere (what \`icecore seal\` told, an earlier export, a report): a
ledger that was cut together with its heads, before it was exported, shows nothing by itself.

A time stamp, where there is one, is over the manifest. The certificates in \`authorities/\` are in \`trust.json\` too, which you
compared:

\`\`\`sh
for stamp in evidence/clusters/*/*/*/*/timestamps/manifest.tsr; do
  [ -e "$stamp" ] || continue
  cat authorities/*.pem > /tmp/authorities.pem
  openssl ts -verify -in "$stamp" -data "$(dirname "$(dirname "$stamp")")/manifest.json" -CAfile /tmp/authorities.pem || exit 1
done
\`\`\`
`;
