import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordedCheckpointer, type Rehearsal, type RoleProcess, startRehearsal } from './index.ts';
import { capturingPolicy, recordedArchive, sampleAlert } from './samples.test-support.ts';

/** A queue of SQS, as far as its reader asks (AWS JSON 1.0): what is received is hidden for a while, and comes again unless it is deleted. */
interface Queue {
  readonly url: string;
  send(body: string): string;
  /** Bodies that are still in it. */
  left(): string[];
  received: number;
  clear(): void;
  stop(): void;
}
async function startQueue(hiddenMs: number): Promise<Queue> {
  const messages = new Map<string, { body: string; until: number }>();
  const queue = { received: 0 };
  const answer = (target: string, asked: { ReceiptHandle?: string; MaxNumberOfMessages?: number }): object => {
    if (target === 'AmazonSQS.DeleteMessage') return (messages.delete(asked.ReceiptHandle ?? ''), {});
    const now = Date.now();
    const due = [...messages].filter(([, { until }]) => until <= now).slice(0, asked.MaxNumberOfMessages ?? 1);
    queue.received += due.length;
    return { Messages: due.map(([handle, message]) => ((message.until = now + hiddenMs), { MessageId: handle, ReceiptHandle: handle, Body: message.body, MD5OfBody: createHash('md5').update(message.body).digest('hex') })) };
  };
  const server: Server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => (text += String(piece)));
    // A poll that finds nothing waits, as long polls do.
    request.on('end', () => {
      const given = answer(String(request.headers['x-amz-target']), JSON.parse(text));
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(given)), 'Messages' in given && Array.isArray(given.Messages) && given.Messages.length === 0 ? 50 : 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let sent = 0;
  return Object.assign(queue, {
    url: `http://127.0.0.1:${port}`,
    send: (body: string) => (messages.set(`message-${(sent += 1)}`, { body, until: 0 }), `message-${sent}`),
    left: () => [...messages.values()].map(({ body }) => body),
    clear: () => messages.clear(),
    stop: () => (server.closeAllConnections(), void server.close()),
  });
}

let rehearsal: Rehearsal;
let queue: Queue;
let alerts: RoleProcess;
beforeAll(async () => {
  queue = await startQueue(500);
  rehearsal = await startRehearsal({ policy: capturingPolicy().replace('cooldown: 1s, deduplicate: 1s', 'cooldown: 0s, deduplicate: 0s'), checkpointer: recordedCheckpointer(recordedArchive, () => 10) });
  rehearsal.addPod({ namespace: 'shop', name: 'api-7c9d8f6b5-x2x9q', uid: '0d5a3c4e-8b1a-4d6a-9a55-0c9bde0f7a10', containers: ['api'], deployment: 'api', containerIds: { api: '3f1c9d2e8a47b0c1d2e3f405162738495a6b7c8d9e0f1a2b3c4d5e6f70819203' } });
  rehearsal.addPod({ namespace: 'shop', name: 'api-7c9d8f6b5-zzzzz', containers: ['api'], deployment: 'api' });
  alerts = rehearsal.start('alerts', { ICECORE_SQS_URL: `${queue.url}/000000000000/guardduty`, AWS_ENDPOINT_URL_SQS: queue.url, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  await alerts.ready;
});
afterAll(async () => {
  await rehearsal.stop();
  queue.stop();
});

const empty = async (): Promise<void> => {
  for (let i = 0; i < 400 && queue.left().length > 0; i += 1) await sleep(50);
  expect(queue.left()).toEqual([]);
};
const finding = sampleAlert('guardduty-eks-runtime.json');
/** The finding with new activity, seen so many seconds later: another alert. */
const again = (seconds: number): string => finding.replace(/"eventLastSeen": ?"([^"]+)"/, (_, at: string) => `"eventLastSeen":"${new Date(Date.parse(at) + seconds * 1000).toISOString()}"`);

describe('GuardDuty’s findings from a queue', () => {
  it('become captures, and are gone from the queue once those are stored', async () => {
    queue.send(finding);
    const [capture] = await rehearsal.until((all) => all.length === 1);
    expect(capture?.spec).toMatchObject({ subject: 'shop/api-7c9d8f6b5-x2x9q/api', alert: { source: 'guardduty', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    await empty();
  });

  it('are taken out of what SNS wraps around them', async () => {
    const before = rehearsal.captures().length;
    queue.send(JSON.stringify({ Type: 'Notification', MessageId: 'm', TopicArn: 'arn:aws:sns:eu-west-1:000000000000:guardduty', Message: again(7) }));
    await rehearsal.until((all) => all.length === before + 1);
    await empty();
  });

  it('about a workload become captures of each of its pods', async () => {
    queue.send(again(9).replace('"name":"api-7c9d8f6b5-x2x9q","type":"pods"', '"name":"api","type":"deployments"').replace(/"containers":\[[^\]]*\]/, '"containers":[]'));
    await rehearsal.until((all) => all.filter(({ spec }) => spec.target.pod === 'api-7c9d8f6b5-zzzzz').length === 1);
    await empty();
  });

  it('stay while the cluster does not take what they call for, and are taken when it does', async () => {
    const before = rehearsal.captures().length;
    rehearsal.api.faults.plan(/^POST .*\/captures/, { kind: 'answer', status: 500, body: 'etcd is away' }, 2);
    queue.send(again(11));
    await rehearsal.until((all) => all.length === before + 1);
    await empty();
    expect(queue.received).toBeGreaterThan(4);
  });

  it.each([
    ['no JSON', 'a finding, once'],
    ['half of one', finding.slice(0, finding.length / 2)],
    ['one without its detail', JSON.stringify({ source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding' })],
    ['a severity that is none', finding.replace(/"severity": ?[\d.]+/, '"severity":"high"')],
    ['another’s event', JSON.stringify({ source: 'aws.ec2', detail: { state: 'running' } })],
    ['a pod name that leads elsewhere', finding.replaceAll('api-7c9d8f6b5-x2x9q', '../../kube-system')],
    ['a namespace in capitals', finding.replaceAll('"namespace":"shop"', '"namespace":"SHOP"')],
    ['a list with a number', '[7]'],
    ['null', 'null'],
    ['a nest', `${'['.repeat(80)}${']'.repeat(80)}`],
  ])('that are %s stay for whoever looks after the queue', async (_what, body) => {
    const before = rehearsal.captures().length;
    queue.send(body);
    const seen = queue.received;
    for (let i = 0; i < 200 && queue.received <= seen; i += 1) await sleep(20);
    expect([queue.left(), rehearsal.captures().length]).toEqual([[body], before]);
    for (let i = 0; i < 100 && alerts.log.at(-1)?.['msg'] !== 'a message of the queue is no alert'; i += 1) await sleep(20);
    expect(alerts.log.at(-1)).toMatchObject({ msg: 'a message of the queue is no alert', reason: expect.any(String) });
    queue.clear();
  });
});
