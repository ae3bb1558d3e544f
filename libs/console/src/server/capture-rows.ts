import { z } from 'zod';
import { fromJson } from './answer.ts';

const whole = z.union([z.number(), z.bigint()]).transform(Number);
const maybeWhole = whole.nullable();
const text = z.string();
const maybeText = z.string().nullable();
const maybeBoolean = z.boolean().nullable();

/** What of the lake's rows a capture's page is made of. */
export const processRow = z.object({
  pid: whole, ppid: whole, tree_depth: whole, comm: text, state: maybeText, command_line: text, command_length: whole, executable: maybeText, executable_deleted: maybeBoolean, executable_type: maybeText,
  cwd: maybeText, euid: maybeWhole, egid: maybeWhole, capabilities_effective: fromJson(z.array(text)).nullable(), seccomp_mode: maybeText, thread_count: whole, namespaces_shared_with_node: fromJson(z.array(text)).nullable(),
  pid_namespace: maybeWhole, network_namespace: maybeWhole, ipc_namespace: maybeWhole, uts_namespace: maybeWhole, mount_namespace: maybeWhole, user_namespace: maybeWhole, cgroup_namespace: maybeWhole, time_namespace: maybeWhole,
});
export type ProcessRow = z.output<typeof processRow>;

export const findingRow = z.object({ finding_id: text, severity: z.enum(['informational', 'low', 'medium', 'high', 'critical']), severity_id: whole, summary: text, signal: text, detector: text, category: text, pid: maybeWhole, incident_id: maybeText, pids: z.array(maybeWhole), addresses: z.array(z.object({ pid: maybeWhole, address_hex: maybeText })) });
export type FindingRow = z.output<typeof findingRow>;

export const descriptorRow = z.object({ pid: whole, fd: whole, name: text });
export type DescriptorRow = z.output<typeof descriptorRow>;

export const socketRow = z.object({
  file_id: whole, pid: maybeWhole, fd: maybeWhole, family: text, type: text, protocol: text, state: maybeText, local_address: maybeText, local_port: maybeWhole, remote_address: maybeText, remote_port: maybeWhole,
  receive_queue_bytes: maybeWhole, send_queue_bytes: maybeWhole, peers: fromJson(z.array(z.object({ pid: whole, fd: whole }))),
});
export type SocketRow = z.output<typeof socketRow>;

export const mappingRow = z.object({ start_hex: text, end_hex: text, permissions: text, name: text, status: fromJson(z.array(text)), file_id: maybeWhole, segment_id: maybeWhole, present_bytes: maybeWhole, segment_bytes: maybeWhole });
export type MappingRow = z.output<typeof mappingRow>;
