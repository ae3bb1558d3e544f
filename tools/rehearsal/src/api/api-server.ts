import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KeyPair } from '../certificates.ts';
import { type FaultPlan, faultPlan, withFault } from '../fault-plan.ts';
import { stopping } from '../stopping.ts';
import type { KubeletAnswer } from '../kubelet/answers.ts';
import { ApiRefusal, isObject, type Resource } from './object.ts';
import { type Change, objectStore, type ObjectStore, qualified, sortKey } from './object-store.ts';
import { allows, type ApiUser, reviewed } from './permissions.ts';
import { selecting } from './selectors.ts';

export interface ApiServerOptions {
  /** Namespace in which roles have their own rules. */
  readonly namespace: string;
  readonly users: Readonly<Record<string, ApiUser>>;
  /** HTTPS where it is given. */
  readonly certificate?: KeyPair;
  /** How often a quiet watch gets a bookmark, in milliseconds. */
  readonly bookmarkMs?: number;
  /** What `pods/log` answers. */
  readonly log?: (namespace: string, pod: string, container: string) => string | undefined;
  /** What the node proxy passes on; its answer is the proxy's. */
  readonly nodeProxy?: (node: string, method: string, path: string) => Promise<KubeletAnswer>;
}

/** An API server that keeps objects in memory. */
export interface ApiServer {
  readonly url: string;
  readonly store: ObjectStore;
  readonly faults: FaultPlan;
  /** Requests that were answered, by `USER VERB RESOURCE`. */
  readonly counts: ReadonlyMap<string, number>;
  user(token: string): ApiUser | undefined;
  /** Ends all watches, as a server that restarts does. */
  cutWatches(): void;
  stop(): Promise<void>;
}

interface Target {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly part: string | undefined;
  /** What follows the part: the path of a proxy. */
  readonly rest: string;
}

/** Who brings no token at all. */
const anonymous: ApiUser = { name: 'system:anonymous', permissions: { own: [], cluster: [], optional: {} } };

/** Starts an API server on a free port of 127.0.0.1. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const store = objectStore();
  const faults = faultPlan();
  const counts = new Map<string, number>();
  const watches = new Set<ServerResponse>();

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://api');
    try {
      const user = request.headers.authorization === undefined ? anonymous : options.users[/^Bearer (.+)$/.exec(request.headers.authorization)?.[1] ?? ''];
      if (user === undefined) throw new ApiRefusal(401, 'Unauthorized', 'Unauthorized');
      if (url.pathname === '/version') return send(response, 200, { major: '1', minor: '36', gitVersion: 'v1.36.2' });
      const [, group, version] = /^\/apis\/([^/]+)\/([^/]+)\/?$/.exec(url.pathname) ?? [];
      if (group !== undefined && version !== undefined) return send(response, 200, discovered(store, group, version));
      const target = targetOf(store, url.pathname);
      const verb = verbOf(request.method ?? 'GET', target, url);
      const what = `${target.resource.plural}${target.part === undefined ? '' : `/${target.part}`}`;
      requirePermission(user, verb, what, target, options.namespace);
      counts.set(`${user.name} ${verb} ${what}`, (counts.get(`${user.name} ${verb} ${what}`) ?? 0) + 1);
      await perform(request, response, url, target, verb);
    } catch (error) {
      if (!(error instanceof ApiRefusal)) throw error;
      refuse(request, response, error);
    }
  };

  const perform = async (request: IncomingMessage, response: ServerResponse, url: URL, target: Target, verb: string): Promise<void> => {
    const { resource, namespace, name, part, rest } = target;
    const strict = { strict: url.searchParams.get('fieldValidation') === 'Strict' };
    if (part === 'proxy') return proxy(response, name ?? '', request.method ?? 'GET', `${rest}${url.search}`);
    if (part === 'log') return void response.writeHead(200, { 'content-type': 'text/plain' }).end(options.log?.(namespace ?? '', name ?? '', url.searchParams.get('container') ?? '') ?? '');
    if (part !== undefined && part !== 'status') throw new ApiRefusal(404, 'NotFound', 'the server could not find the requested resource');
    switch (verb) {
      case 'watch':
        return watch(response, url, target);
      case 'list':
        return send(response, 200, list(url, target));
      case 'get': {
        const found = store.get(resource, namespace, name ?? '');
        if (found === undefined) throw new ApiRefusal(404, 'NotFound', `${qualified(resource)} "${name}" not found`);
        return send(response, 200, found);
      }
      case 'create':
        if (resource.kind === 'SubjectAccessReview') return send(response, 201, reviewed(await readJson(request), Object.values(options.users), options.namespace));
        return send(response, 201, store.create(resource, namespace, await readJson(request), strict));
      case 'patch': {
        if (request.headers['content-type'] !== 'application/merge-patch+json') throw new ApiRefusal(415, 'UnsupportedMediaType', `the body of the request was in an unknown format: ${request.headers['content-type']}`);
        return send(response, 200, store.patch(resource, namespace, name ?? '', await readJson(request), part === 'status' ? 'status' : 'main', strict));
      }
      case 'delete':
        return send(response, 200, store.delete(resource, namespace, name ?? ''));
      default:
        throw new ApiRefusal(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    }
  };

  const proxy = async (response: ServerResponse, node: string, method: string, path: string): Promise<void> => {
    const known = store.resource('', 'v1', 'nodes');
    if (known === undefined || store.get(known, undefined, node) === undefined) throw new ApiRefusal(404, 'NotFound', `nodes "${node}" not found`, { name: node, kind: 'nodes' });
    if (options.nodeProxy === undefined) throw new ApiRefusal(503, 'ServiceUnavailable', 'error trying to reach service: dial tcp 10.99.0.1:10250: connect: connection refused');
    const { status, headers, body } = await options.nodeProxy(node, method, path);
    response.writeHead(status, { ...headers }).end(body);
  };

  const list = (url: URL, { resource, namespace }: Target): unknown => {
    const select = selecting(url.searchParams.get('labelSelector') ?? undefined, url.searchParams.get('fieldSelector') ?? undefined);
    const limit = Number(url.searchParams.get('limit') ?? '0') || Infinity;
    const position = readPosition(url.searchParams.get('continue'));
    if (position !== undefined && store.since(position.version) === undefined) throw new ApiRefusal(410, 'Expired', 'The provided continue parameter is too old to display a consistent list result.');
    const all = store.list(resource, namespace).filter((object) => select(object) && (position === undefined || sortKey(object) > position.after));
    const items = all.slice(0, limit);
    const version = position?.version ?? store.version();
    const last = items.at(-1);
    const more = all.length > items.length && last !== undefined ? { continue: Buffer.from(JSON.stringify({ version, after: sortKey(last) })).toString('base64url'), remainingItemCount: all.length - items.length } : {};
    return { kind: `${resource.kind}List`, apiVersion: resource.group === '' ? 'v1' : `${resource.group}/${resource.version}`, metadata: { resourceVersion: String(version), ...more }, items };
  };

  const watch = (response: ServerResponse, url: URL, { resource, namespace }: Target): void => {
    const select = selecting(url.searchParams.get('labelSelector') ?? undefined, url.searchParams.get('fieldSelector') ?? undefined);
    const from = Number(url.searchParams.get('resourceVersion') ?? String(store.version()));
    const write = (type: string, object: unknown): void => void response.write(`${JSON.stringify({ type, object })}\n`);
    response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    const missed = store.since(from);
    if (missed === undefined) {
      write('ERROR', { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: `too old resource version: ${from} (${store.version()})`, reason: 'Expired', code: 410 });
      return void response.end();
    }
    const concerns = ({ resource: of, object }: Change): boolean => of === resource && (namespace === undefined || object.metadata.namespace === namespace) && select(object);
    for (const change of missed) if (concerns(change)) write(change.type, change.object);
    response.flushHeaders();
    const stopTelling = store.onChange((change) => void (concerns(change) && write(change.type, change.object)));
    const bookmarks = url.searchParams.get('allowWatchBookmarks') === 'true' ? setInterval(() => write('BOOKMARK', { kind: resource.kind, metadata: { resourceVersion: String(store.version()) } }), options.bookmarkMs ?? 5000) : undefined;
    const limit = setTimeout(() => response.end(), Number(url.searchParams.get('timeoutSeconds') ?? '300') * 1000);
    watches.add(response);
    response.on('close', () => {
      stopTelling();
      clearInterval(bookmarks);
      clearTimeout(limit);
      watches.delete(response);
    });
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    response.on('error', () => undefined);
    void withFault(faults.take(request), request, response, () => answer(request, response)).catch((error: unknown) => {
      send(response, 500, { kind: 'Status', status: 'Failure', reason: 'InternalError', message: String(error), code: 500 });
    });
  };
  const server = options.certificate === undefined ? createServer(handle) : createSecureServer(options.certificate, handle);
  const stop = stopping(server);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = addressOf(server.address());
  return {
    url: `${options.certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    store,
    faults,
    counts,
    user: (token) => options.users[token],
    cutWatches: () => watches.forEach((each) => each.destroy()),
    stop,
  };
}

const pathForm = /^\/(?:api\/(?<core>v1)|apis\/(?<group>[^/]+)\/(?<version>[^/]+))(?:\/namespaces\/(?<namespace>[^/]+)(?=\/[^/]+))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+)(?:\/(?<part>[^/]+)(?<rest>\/.*)?)?)?$/;

function targetOf(store: ObjectStore, path: string): Target {
  const groups = pathForm.exec(path)?.groups ?? {};
  const { core, group = '', version = core ?? '', plural = '', part, rest = '' } = groups;
  // `/api/v1/namespaces/NAME` is the namespace itself.
  const resource = store.resource(group, version, plural);
  if (resource === undefined) throw new ApiRefusal(404, 'NotFound', 'the server could not find the requested resource');
  const decoded = (value: string | undefined): string | undefined => (value === undefined ? undefined : decodeURIComponent(value));
  return { resource, namespace: decoded(groups['namespace']), name: decoded(groups['name']), part, rest };
}

function verbOf(method: string, { name, part }: Target, url: URL): string {
  if (part === 'proxy') return method === 'POST' ? 'create' : 'get';
  switch (method) {
    case 'GET':
      return name !== undefined ? 'get' : url.searchParams.get('watch') === 'true' ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return method.toLowerCase();
  }
}

function requirePermission(user: ApiUser, verb: string, what: string, { resource, namespace, name }: Target, own: string): void {
  if (allows(user, { verb, group: resource.group, resource: what, namespace }, own)) return;
  const scope = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  throw new ApiRefusal(403, 'Forbidden', `${qualified(resource)}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${user.name}" cannot ${verb} resource "${what}" in API group "${resource.group}" ${scope}${user === anonymous && what.endsWith('/proxy') ? ': proxy subresource changed to unsafeproxy' : ''}`, { ...(name === undefined ? {} : { name }), kind: resource.plural });
}

/** A refusal as the API server writes it: on lines of its own for a person with curl, on one for programs. */
function refuse({ headers }: IncomingMessage, response: ServerResponse, { code, reason, message, details }: ApiRefusal): void {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...(details === undefined ? {} : { details }), code };
  const pretty = headers['user-agent']?.startsWith('curl/') === true;
  response.writeHead(code, { 'content-type': 'application/json', ...(code === 403 ? { 'x-content-type-options': 'nosniff' } : {}) }).end(pretty ? JSON.stringify(status, undefined, 2) : `${JSON.stringify(status)}\n`);
}

/** What a group and version has, as `kubectl api-resources` asks. */
function discovered(store: ObjectStore, group: string, version: string): unknown {
  const resources = store.resources().filter((each) => each.group === group && each.version === version);
  if (resources.length === 0) throw new ApiRefusal(404, 'NotFound', 'the server could not find the requested resource');
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group}/${version}`, resources: resources.map(({ plural, kind, namespaced }) => ({ name: plural, kind, namespaced })) };
}

function readPosition(token: string | null): { readonly version: number; readonly after: string } | undefined {
  if (token === null || token === '') return undefined;
  const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  return isObject(value) ? { version: Number(value['version']), after: String(value['after']) } : undefined;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    throw new ApiRefusal(400, 'BadRequest', 'the body is not JSON');
  }
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address;
}

