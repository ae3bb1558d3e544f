import { Hono } from 'hono';
import { caseDetails, type CaseRecord, noteDraft, savedQueryDraft, suppressionDraft, watchDraft } from '../contract/case.ts';
import { stamp, withDetails, without } from './case-file.ts';
import type { ConsoleContext } from './context.ts';
import { RequestError } from './errors.ts';
import { holdsOf, setHold } from './holds.ts';
import { holdRequest } from './requests.ts';
import { addWatch, checkWatch, lookAtNew } from './watches.ts';

const kinds = ['notes', 'suppressions', 'queries', 'watches'] as const;

/** What people write: notes, status, what to leave out, saved queries; and holds on evidence. */
export function caseRoutes(context: ConsoleContext): Hono {
  const { caseFile, user, vault } = context;
  const routes = new Hono();
  const change = async (edit: (record: CaseRecord) => CaseRecord): Promise<CaseRecord> => told(await caseFile.change(edit));
  routes.get('/case', async (c) => c.json({ path: caseFile.path, ...told(await caseFile.read()) }));
  routes.post('/case', async (c) => {
    const details = caseDetails.parse(await c.req.json());
    return c.json(await change((record) => withDetails(record, details)));
  });
  routes.post('/case/notes', async (c) => {
    const note = { ...stamp(user), ...noteDraft.parse(await c.req.json()) };
    return c.json(await change((record) => ({ ...record, notes: [...record.notes, note] })));
  });
  routes.post('/case/suppressions', async (c) => {
    const suppression = { ...stamp(user), ...suppressionDraft.parse(await c.req.json()) };
    return c.json(await change((record) => ({ ...record, suppressions: [...record.suppressions, suppression] })));
  });
  routes.post('/case/queries', async (c) => {
    const query = { ...stamp(user), ...savedQueryDraft.parse(await c.req.json()) };
    return c.json(await change((record) => ({ ...record, queries: [...record.queries.filter(({ name }) => name !== query.name), query] })));
  });
  routes.post('/case/watches', async (c) => {
    const draft = watchDraft.parse(await c.req.json());
    await checkWatch(context, draft, c.req.raw.signal);
    return c.json(told(await addWatch(context, draft)));
  });
  routes.post('/case/watches/look', async (c) => {
    await lookAtNew(context, c.req.raw.signal);
    return c.json(told(await caseFile.read()));
  });
  routes.delete('/case/:kind/:id', async (c) => {
    const kind = kinds.find((each) => each === c.req.param('kind'));
    if (kind === undefined) throw new RequestError('unknown', 'A case has notes, suppressions, queries and watches.');
    return c.json(await change((record) => without(record, kind, c.req.param('id'))));
  });
  routes.get('/holds', async (c) => c.json(await holdsOf(vault)));
  routes.post('/holds', async (c) => {
    const { capture, held, reason } = holdRequest.parse(await c.req.json());
    return c.json(await setHold(vault, capture, held, reason));
  });
  return routes;
}

/** The case without the captures that were seen: they are many, and for the watches alone. */
function told(record: CaseRecord): CaseRecord {
  return { ...record, seen: [] };
}
