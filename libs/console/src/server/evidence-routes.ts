import { Hono } from 'hono';
import { readInto } from '@icecore/bytes';
import { memoryOf } from './capture.ts';
import { codeAt } from './code.ts';
import { entropyOf } from './entropy.ts';
import { asked } from './lake-routes.ts';
import { type ConsoleContext, evidenceOf, factsOf, handOut } from './context.ts';
import { RequestError } from './errors.ts';
import { contentOf, previewOf } from './files.ts';
import { address, memoryAt, processOf, searchIn, stringsAt } from './memory.ts';
import { carveRequest, fileCarveRequest, fileRequest, memoryRequest, memorySearchRequest, processRequest, stringsRequest } from './requests.ts';

/** Most bytes of one file that are handed out; `icecore extract` has no such limit. */
const maxFileBytes = 256 * 2 ** 20;

/** Most bytes that are read as code at once: a line for each instruction. */
const maxCodeBytes = 16_384;

/** Answers from the evidence itself: bytes by range. */
export function evidenceRoutes(context: ConsoleContext): Hono {
  const routes = new Hono();
  routes.get('/captures/:id/evidence', async (c) => c.json(await context.shelf.find(await factsOf(context, c.req.param('id')))));
  routes.get('/memory', async (c) => {
    const { capture, pid, at, length } = memoryRequest.parse(asked(c));
    return c.json(await memoryAt(await evidenceOf(context, capture), pid, at, length));
  });
  routes.get('/code', async (c) => {
    const { capture, pid, at, length } = memoryRequest.parse(asked(c));
    return c.json(await codeAt(await evidenceOf(context, capture), pid, at, Math.min(length, maxCodeBytes)));
  });
  routes.get('/entropy', async (c) => {
    const { capture, pid } = processRequest.parse(asked(c));
    const { segments } = await memoryOf(context.lake, capture, pid, c.req.raw.signal);
    return c.json(await entropyOf(await evidenceOf(context, capture), pid, segments, c.req.raw.signal));
  });
  routes.get('/strings', async (c) => {
    const { capture, ...request } = stringsRequest.parse(asked(c));
    return c.json(await stringsAt(await evidenceOf(context, capture), request));
  });
  routes.get('/memory/search', async (c) => {
    const { capture, ...request } = memorySearchRequest.parse(asked(c));
    return c.json(await searchIn(await evidenceOf(context, capture), request, c.req.raw.signal));
  });
  routes.post('/memory/carve', async (c) => {
    const { capture, pid, at, length, reason } = carveRequest.parse(await c.req.json());
    const evidence = await evidenceOf(context, capture);
    const { bytes, parts } = await processOf(evidence, pid).space.read(at, length);
    if (!parts.some(({ state }) => state === 'stored')) throw new RequestError('unknown', `The archive holds none of the bytes at ${address(at)} of process ${pid}.`);
    return handOut(context, evidence, Uint8Array.from(bytes), { place: `pid ${pid} address 0x${at.toString(16)}`, reason, name: `${capture}-${pid}-${address(at)}.bin` });
  });
  routes.get('/file', async (c) => {
    const { capture, path, source } = fileRequest.parse(asked(c));
    return c.json(await previewOf(await evidenceOf(context, capture), path, source, context.secretKey));
  });
  routes.post('/file/carve', async (c) => {
    const { capture, path, source, reason } = fileCarveRequest.parse(await c.req.json());
    const evidence = await evidenceOf(context, capture);
    const content = await contentOf(evidence, path, source);
    if (content.size > maxFileBytes) throw new RequestError('too_large', `The file has ${content.size} bytes; icecore extract writes files of any size.`);
    const bytes = new Uint8Array(content.size);
    await readInto(content, bytes, 0);
    return handOut(context, evidence, bytes, { place: `file ${path} of ${source}`, reason, name: path.split('/').at(-1) ?? 'file' });
  });
  return routes;
}
