import { Hono } from 'hono';
import { caseDetails, noteDraft, savedQueryDraft, suppressionDraft } from '../contract/case.ts';
import { stamp, withDetails, without } from './case-file.ts';
import type { ConsoleContext } from './context.ts';
import { RequestError } from './errors.ts';
import { holdsOf, setHold } from './holds.ts';
import { holdRequest } from './requests.ts';

const kinds = ['notes', 'suppressions', 'queries'] as const;

/** What people write: notes, status, what to leave out, saved queries; and holds on evidence. */
export function caseRoutes({ caseFile, user, vault }: ConsoleContext): Hono {
  const routes = new Hono();
  routes.get('/case', async (c) => c.json({ path: caseFile.path, ...(await caseFile.read()) }));
  routes.post('/case', async (c) => {
    const details = caseDetails.parse(await c.req.json());
    return c.json(await caseFile.change((record) => withDetails(record, details)));
  });
  routes.post('/case/notes', async (c) => {
    const note = { ...stamp(user), ...noteDraft.parse(await c.req.json()) };
    return c.json(await caseFile.change((record) => ({ ...record, notes: [...record.notes, note] })));
  });
  routes.post('/case/suppressions', async (c) => {
    const suppression = { ...stamp(user), ...suppressionDraft.parse(await c.req.json()) };
    return c.json(await caseFile.change((record) => ({ ...record, suppressions: [...record.suppressions, suppression] })));
  });
  routes.post('/case/queries', async (c) => {
    const query = { ...stamp(user), ...savedQueryDraft.parse(await c.req.json()) };
    return c.json(await caseFile.change((record) => ({ ...record, queries: [...record.queries.filter(({ name }) => name !== query.name), query] })));
  });
  routes.delete('/case/:kind/:id', async (c) => {
    const kind = kinds.find((each) => each === c.req.param('kind'));
    if (kind === undefined) throw new RequestError('unknown', 'A case has notes, suppressions and queries.');
    return c.json(await caseFile.change((record) => without(record, kind, c.req.param('id'))));
  });
  routes.get('/holds', async (c) => c.json(await holdsOf(vault)));
  routes.post('/holds', async (c) => {
    const { capture, held, reason } = holdRequest.parse(await c.req.json());
    return c.json(await setHold(vault, capture, held, reason));
  });
  return routes;
}
