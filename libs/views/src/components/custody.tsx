import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import type { CustodyView } from '../model/custody-view.ts';
import { Evidence } from './evidence-text.tsx';
import { counted, formatMoment, formatSize } from './format.ts';
import { Facts, Scrollable, Section, ShellCommand } from './section.tsx';

type Sealed = Extract<CustodyView, { readonly state: 'sealed' }>;

/** Where the evidence has been, what proves it, and how to check it. */
export function Custody({ view }: { readonly view: CaptureView }): VNode {
  const { custody, facts } = view;
  const { archive } = facts;
  return (
    <Section id="custody">
      {custody.state === 'sealed' ? <SealedCustody custody={custody} /> : null}
      {custody.state === 'unreadable' ? <p class="answer critical"><b>◆ The vault has this capture, and its records cannot be read</b>: <Evidence text={custody.reason} /></p> : null}
      {custody.state === 'not_sealed' ? <p class="lead">This archive was not sealed: nothing but its hash ties this report to it, and nothing says where it was before. <b>icecore seal</b> puts it into a vault with a manifest and a signed ledger.</p> : null}
      <h3>How to verify</h3>
      <p>The report is of the file with this hash, {formatSize(archive.bytes)} long:</p>
      <Facts facts={[['SHA-256', <code class="hash">{archive.sha256}</code>], ['Capture', <code class="hash">{facts.captureId}</code>]]} />
      {custody.state !== 'not_sealed' ? (
        <>
          <ShellCommand command={`icecore verify ${facts.captureId}`} />
          <p>It checks the archive, every entry, the manifest, the ledger with its signatures, and the time stamps, with no network. Compare the ledger’s end with the one above: a ledger that was cut shows nothing by itself.</p>
        </>
      ) : (
        facts.checkCommand === undefined ? null : <ShellCommand command={facts.checkCommand} />
      )}
      <p>The same archive, version of icecore and key for the marks of secrets give the same report, byte for byte{custody.state === 'sealed' ? ', as long as the ledger does not grow' : ''}. A capture’s id is the first half of the hash.</p>
    </Section>
  );
}

function SealedCustody({ custody }: { readonly custody: Sealed }): VNode {
  const { captureKey, sealedAt, takenAt, by, reason, case: ofCase, alert, policy, lockedUntil, held, entries, entriesRoot, sha256, crc64nvme, head, ledger, ledgerLength } = custody;
  const maybe = (text: Sealed['reason']): VNode | undefined => (text === undefined ? undefined : <Evidence text={text} />);
  return (
    <>
      <Verified custody={custody} />
      <Facts
        facts={[
          ['Sealed', formatMoment(sealedAt)],
          ['Taken', `${formatMoment(takenAt)}, by the manifest`],
          ['By', <Evidence text={by} />],
          ['Reason', maybe(reason)],
          ['Case', maybe(ofCase)],
          ['Alert', maybe(alert)],
          ['Policy', maybe(policy)],
          ['Locked until', `${lockedUntil === undefined ? 'not locked' : formatMoment(lockedUntil)}${held ? ', and held' : ''}`],
          ['Entries', `${counted(entries, 'entry', 'entries')} of the archive, each hashed`],
          ['Root of entries', <code class="hash">{entriesRoot}</code>],
          ['Archive SHA-256', <code class="hash">{sha256}</code>],
          ['CRC-64/NVME', <code class="hash">{crc64nvme}</code>],
          ['Ledger’s end', head === undefined ? 'the ledger is empty' : <code class="hash">{head}</code>],
          ['In the vault', <code class="hash">{captureKey}</code>],
        ]}
      />
      <h3>Ledger</h3>
      <Scrollable label="Ledger of custody">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">No.</th>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">Who</th>
              <th scope="col">With</th>
              <th scope="col">Why</th>
              <th scope="col">Hash</th>
            </tr>
          </thead>
          <tbody>
            {ledger.map((entry) => (
              <tr>
                <td class="number">{entry.seq}</td>
                <td class="moment">{formatMoment(entry.at)}</td>
                <td>{entry.action}</td>
                <td><Evidence text={entry.actor} /></td>
                <td><Evidence text={entry.tool} /></td>
                <td><Evidence text={entry.reason} /></td>
                <td><code title={entry.hash}>{entry.hash.slice(0, 16)}…</code></td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {ledgerLength > ledger.length ? <p class="more">{counted(ledgerLength - ledger.length, 'more entry', 'more entries')}.</p> : null}
    </>
  );
}

function Verified({ custody: { verified } }: { readonly custody: Sealed }): VNode {
  if (verified === undefined) return <p class="lead">Sealed. It was not verified for this report: no key to trust was at hand.</p>;
  const { holds, faults, timestamps, unchecked } = verified;
  return (
    <>
      <p class={holds ? 'answer held' : 'answer critical'}>
        <b>{holds ? '✓ The evidence held when this report was made' : '◆ The evidence did not hold when this report was made'}</b>
        {timestamps.length === 0 ? '' : `; stamped ${timestamps.map(formatMoment).join(', ')}`}.
      </p>
      {faults.length === 0 && unchecked.length === 0 ? null : (
        <ul class="gaps">
          {faults.map((fault) => (
            <li><Evidence text={fault} /></li>
          ))}
          {unchecked.map((each) => (
            <li>not checked: <Evidence text={each} /></li>
          ))}
        </ul>
      )}
    </>
  );
}
