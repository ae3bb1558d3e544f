import { describe, expect, it, test } from '@jest/globals';
import { readKubeletReply, withDumpLog } from './index.ts';

const answer = (status: number, body: string) => readKubeletReply({ kind: 'answer', status, body });
const id = '00bf28e458c633a75d8952e792b856ed6ff4edcb9329d13c8e644e61fdcbf8bd';

describe('what a kubelet answers, in words', () => {
  test.each<[string, number, string, string, boolean, RegExp]>([
    ['an unknown pod', 404, 'pod does not exist', 'PodNotFound', false, /no such pod/],
    ['an unknown container', 404, 'container nope does not exist', 'ContainerNotFound', false, /no such container/],
    ['a gate that is off', 404, '404 page not found\n', 'CheckpointGateOff', false, /ContainerCheckpoint/],
    ['a path of the wrong length', 404, '404: Page Not Found', 'BadRequest', false, /path/],
    ['GET', 405, '405: Method Not Allowed', 'BadRequest', false, /POST/],
    ['a time limit that is no number', 404, 'cannot parse value of timeout parameter', 'BadRequest', false, /time limit/],
    ['a time limit below 0', 500, 'checkpointing of lab/loop/counter failed (CheckpointContainer requires the timeout value to be > 0)', 'BadRequest', false, /above 0/],
    ['a container that ended', 500, 'checkpointing of lab/done/c failed (container c not found)', 'ContainerNotRunning', false, /does not run/],
    ['containerd where runc failed', 500, `checkpointing of lab/redis/redis failed (rpc error: code = Unknown desc = checkpointing container "${id}" failed: /usr/bin/runc did not terminate successfully: exit status 1: criu failed: type DUMP errno 0 path= /run/containerd/x/criu-dump.log)`, 'CriuRefused', false, /CRIU gave up/],
    ['CRI-O, quoting the log', 500, 'checkpointing of lab/redis/redis failed (rpc error: code = Unknown desc = failed to checkpoint container 57ec: running "/usr/bin/runc" failed: time="x" level=warning msg="--- Quoting \\"/crio/userdata/dump.log\\""\ntime="x" level=warning msg="1348:(00.05) Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using --tcp-established option."\n)', 'TcpEstablished', false, /tcp-established/],
    ['a node without CRIU', 500, `checkpointing of lab/loop/counter failed (rpc error: code = Unknown desc = CRIU binary not found or too old (<31600). Failed to checkpoint container "${id}": failed to check for criu version: exec: "criu": executable file not found in $PATH)`, 'CriuMissing', false, /install CRIU/],
    ['two at once, containerd', 500, `checkpointing of lab/loop/counter failed (rpc error: code = Unknown desc = open /lab/cri/root/io.containerd.grpc.v1.cri/containers/${id}/ctrd-checkpoint/status: no such file or directory)`, 'CheckpointsCollided', true, /at the same time/],
    ['two at once, CRI-O', 500, `checkpointing of lab/loop/counter failed (rpc error: code = Unknown desc = failed to pause container ${id} before checkpointing: container not running)`, 'CheckpointsCollided', true, /at the same time/],
    ['no token', 401, 'Unauthorized', 'NotAuthenticated', true, /token/],
    ['a token that may not', 403, 'Forbidden (user=system:serviceaccount:lab:ck-none, verb=create, resource=nodes, subresource(s)=[checkpoint])', 'NotPermitted', false, /nodes\/checkpoint/],
    ['the API server to one who may not', 403, '{"kind":"Status","message":"nodes \\"lab-node\\" is forbidden: User \\"x\\" cannot create resource \\"nodes/proxy\\" in API group \\"\\" at the cluster scope","code":403}', 'NotPermitted', false, /nodes\/proxy/],
    ['the API server about an unknown node', 404, '{"kind":"Status","message":"nodes \\"other-node\\" not found","code":404}', 'NodeUnknown', false, /no such node/],
    ['the API server about a kubelet that is down', 503, '{"kind":"Status","message":"error trying to reach service: dial tcp 10.99.0.1:10250: connect: connection refused","code":503}', 'KubeletUnreachable', true, /cannot reach/],
    ['the API server about a loopback address', 400, '{"kind":"Status","message":"address not allowed","code":400}', 'AddressNotAllowed', false, /kubelet itself/],
    ['something new', 418, 'I am a teapot', 'UnknownAnswer', false, /418: I am a teapot/],
    ['something new of a runtime', 500, 'checkpointing of lab/a/b failed (rpc error: code = Unknown desc = the moon)', 'RuntimeFailed', true, /the moon/],
  ])('%s', (_what, status, body, reason, again, words) => {
    expect(answer(status, body)).toMatchObject({ kind: 'failed', reason, again, message: expect.stringMatching(words) });
  });

  it('names the archive', () => {
    const path = '/var/lib/kubelet/checkpoints/checkpoint-loop_lab-counter-2026-11-23T07:26:29Z.tar';
    expect(answer(200, `{"items":["${path}"]}`)).toEqual({ kind: 'taken', path });
  });

  test.each([
    ['a proxy that lost the kubelet in the middle', 503, 'error trying to reach service: EOF'],
    ['a gateway that waited too long', 504, ''],
    ['a runtime that ran out of time', 500, 'checkpointing of a/b/c failed (rpc error: code = DeadlineExceeded desc = context deadline exceeded)'],
    ['an answer without an archive', 200, '{"items":[]}'],
    ['an answer that is no JSON', 200, 'fine'],
  ])('%s leaves open what was done', (_what, status, body) => {
    expect(answer(status, body).kind).toBe('lost');
  });

  it('reads the reason in the log that containerd only names', () => {
    const named = answer(500, 'checkpointing of a/b/c failed (rpc error: code = Unknown desc = checkpointing container "x" failed: /usr/bin/runc did not terminate successfully: exit status 1: criu failed: type DUMP errno 0 path= /run/containerd/y/criu-dump.log)');
    expect(named).toMatchObject({ dumpLogPath: '/run/containerd/y/criu-dump.log' });
    const log = '(00.05) Error (criu/sk-inet.c:200): inet: Connected TCP socket, consider using --tcp-established option.\n(00.06) Error (criu/cr-dump.c:1545): Dumping FAILED.';
    expect(withDumpLog(named, log)).toMatchObject({ reason: 'TcpEstablished', again: false, message: expect.stringContaining('sk-inet.c') });
    expect(withDumpLog(named, undefined)).toEqual(named);
  });
});
