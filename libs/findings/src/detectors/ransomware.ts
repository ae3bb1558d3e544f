import { entropyOf } from '@icecore/secrets';
import { addedFiles, fileEvidence, textOf } from '../changed-files.ts';
import { detector } from '../detector.ts';
import type { ExaminedFile } from '../examination.ts';

const noteName = /(?:^|\/)(?:READ_?ME|HOW_?TO|RECOVER|RESTORE|DECRYPT|!+)[\w!-]*(?:DECRYPT|RESTORE|RECOVER|FILES|RANSOM|UNLOCK|INSTRUCTION)[\w-]*\.(?:txt|html|hta)$|(?:^|\/)(?:RANSOM_NOTE|DECRYPT_INSTRUCTIONS?)[\w.-]*$/i;
const noteText = /files? (?:have|has|are|were) (?:been )?encrypted|decrypt(?:ion)? (?:key|tool|your files)|bitcoin wallet|tor browser/i;
const encryptedName = /\.(?:locked|encrypted|enc|crypt|crypto|lockbit|akira|conti|ryuk|royal|blackcat|phobos|makop|lck|pay|wcry|locky|cerber)$/i;
/** A document's name with an ending behind its own: `report.docx.k7x2`. Copies and packed files have such names too, with endings of their own. */
const dataName = /\.(?:docx?|xlsx?|pptx?|pdf|odt|csv|sql|sqlite|db|mdb|jpe?g|png|mp4|txt|json|xml|bak|dump|key|pem)\.(?!gz$|bz2$|xz$|zst$|lz4$|br$|zip$|gpg$|asc$|sig$|age$|tmp$|part$|bak$|old$|orig$|swp$|lock$)[A-Za-z0-9_-]{2,16}$/i;
/** Files of one odd ending before that is a pattern, and deleted files of data before that is bulk. */
const manyFiles = 20;
const manyDeleted = 500;

export const ransomware = detector({
  id: 'ransomware',
  signal: 'S63',
  title: 'Files that were encrypted or wiped',
  version: 2,
  techniques: ['T1486', 'T1485'],
  severity: 'critical',
  category: 'attack',
  needs: ['changed_files'],
  falsePositives: 'builds and caches, which delete and write many files; encrypted backups',
  *detect(examination) {
    const added = addedFiles(examination).filter(({ type }) => type === 'file');
    for (const file of added) {
      const note = noteName.test(file.path) || (/\.(?:txt|html)$/.test(file.path) && file.size < 65536 && noteText.test(textOf(file)) && /bitcoin|btc|monero|tor|onion/i.test(textOf(file)));
      if (note) yield { summary: `${file.path} reads like a demand for ransom`, confidence: noteText.test(textOf(file)) ? 'high' : 'low', evidence: [fileEvidence(file, textOf(file).slice(0, 200))], key: `note ${file.path}` };
    }
    const endings = Map.groupBy(added.filter(({ path }) => dataName.test(path)), ({ path }) => path.slice(path.lastIndexOf('.')));
    const known = (file: ExaminedFile): boolean => encryptedName.test(file.path) || (endings.get(file.path.slice(file.path.lastIndexOf('.')))?.includes(file) === true);
    const locked = added.filter((file) => known(file) && (file.head.length >= 256 && entropyOf(Buffer.from(file.head.subarray(0, 4096)).toString('latin1')) > 7.2 - (file.head.length < 4096 ? 1.2 : 0)));
    const [first] = locked;
    if (first !== undefined && locked.length >= manyFiles) yield { summary: `${locked.length} files such as ${first.path} look encrypted`, confidence: 'high', evidence: [fileEvidence(first), ...locked.slice(1, 10).map((file) => fileEvidence(file))], key: 'encrypted' };
    const deleted = examination.files.filter(({ change, path }) => change === 'deleted' && /^\/(?:data|srv|home|opt|var\/(?:lib|www|data)|mnt|backup)\//.test(path));
    const [gone] = deleted;
    if (gone !== undefined && deleted.length >= manyDeleted) yield { summary: `${deleted.length} files of data such as ${gone.path} were deleted`, confidence: 'medium', severity: 'medium', evidence: [fileEvidence(gone)], key: 'deleted' };
  },
});
