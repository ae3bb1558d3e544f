import type { VNode } from 'preact';
import type { CaptureView } from '../model/capture-view.ts';
import type { FileView } from '../model/file-view.ts';
import { Evidence } from './evidence-text.tsx';
import { counted, formatMoment, formatSize } from './format.ts';
import { Scrollable, Section } from './section.tsx';
import { FindingLinks } from './severity.tsx';

/** Changes to the file system, and files that no path leads to; those with findings first. */
export function FileChanges({ view: { files } }: { readonly view: CaptureView }): VNode {
  const { listed, total, rootfsRecorded } = files;
  const found = listed.filter((file) => file.findings.length > 0);
  const others = listed.filter((file) => file.findings.length === 0);
  return (
    <Section id="files" lead={`${total === 0 ? 'No changed files' : counted(total, 'file')} that the archive holds or that were deleted${rootfsRecorded ? '' : '; it has no record of changes to the root file system'}.`}>
      {found.length === 0 ? null : <FileTable files={found} label="Files with findings" />}
      {others.length === 0 ? null : (
        <details class="table" open={found.length === 0 && others.length <= 30}>
          <summary>{found.length === 0 ? counted(others.length, 'file') : counted(others.length, 'other file')}, without findings</summary>
          <FileTable files={others} label="Files without findings" />
        </details>
      )}
      {total > listed.length ? <p class="more">{counted(total - listed.length, 'more file')} without findings: see icecore extract.</p> : null}
    </Section>
  );
}

function FileTable({ files, label }: { readonly files: readonly FileView[]; readonly label: string }): VNode {
  return (
    <Scrollable label={label}>
      <table class="files" data-filterable="files">
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col">Path</th>
            <th scope="col">Mode</th>
            <th scope="col" class="number">Owner</th>
            <th scope="col" class="number">Size</th>
            <th scope="col">Written (UTC)</th>
            <th scope="col">Findings</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <FileRow file={file} />
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}

function FileRow({ file }: { readonly file: FileView }): VNode {
  const { path, origin, change, type, mode, setuid, uid, gid, size, modifiedAt, sha256, linkTarget, pids, findings } = file;
  return (
    <tr data-filter-row>
      <td>{changeText(change, origin)}</td>
      <td class="path">
        <Evidence text={path} code />
        {linkTarget === undefined ? null : <> → <Evidence text={linkTarget} code /></>}
        {pids.length === 0 ? null : <span class="source"> held by {pids.join(', ')}</span>}
        {sha256 === undefined || findings.length === 0 ? null : <code class="hash small">sha256 {sha256}</code>}
      </td>
      <td><code class={setuid ? 'setuid' : undefined}>{mode}</code></td>
      <td class="number">{uid === undefined ? '' : `${uid}:${gid ?? '?'}`}</td>
      <td class="number">{type === 'file' && change !== 'deleted' ? formatSize(size) : ''}</td>
      <td class="moment">{modifiedAt === undefined ? '' : formatMoment(modifiedAt).replace(' UTC', '')}</td>
      <td><FindingLinks numbers={findings} /></td>
    </tr>
  );
}

const hiddenTexts: Readonly<Partial<Record<FileView['origin'], string>>> = { deleted: 'deleted, held open', memfd: 'in memory only', shared_memory: 'shared memory', sysv: 'System V segment' };

function changeText(change: FileView['change'], origin: FileView['origin']): string {
  if (change === 'hidden') return hiddenTexts[origin] ?? 'hidden';
  if (change === 'deleted') return 'deleted';
  if (change === 'opaque') return 'hides the image’s';
  return origin === 'rootfs' ? 'written' : `in ${origin}`;
}
