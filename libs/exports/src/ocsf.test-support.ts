/** What OCSF 1.3 says of one object: attributes that must be there, of which one must be there, and enumerations. */
interface Rule {
  readonly required: readonly string[];
  readonly atLeastOne?: readonly string[];
  readonly values?: Readonly<Record<string, readonly number[]>>;
  readonly known: readonly string[];
  readonly objects?: Readonly<Record<string, string>>;
}

/** The part of the schema that a Detection Finding of ours uses. */
const rules: Readonly<Record<string, Rule>> = {
  detection_finding: {
    required: ['activity_id', 'category_uid', 'class_uid', 'type_uid', 'time', 'severity_id', 'metadata', 'finding_info'],
    values: { activity_id: [1, 2, 3, 99, 0], category_uid: [2], class_uid: [2004], type_uid: [200401, 200402, 200403], severity_id: [0, 1, 2, 3, 4, 5, 6, 99], confidence_id: [0, 1, 2, 3, 99], status_id: [0, 1, 2, 3, 4, 99] },
    known: ['activity_name', 'category_name', 'class_name', 'type_name', 'severity', 'confidence_id', 'confidence', 'status_id', 'status', 'timezone_offset', 'message', 'evidences', 'resources', 'observables', 'unmapped', 'raw_data', 'count', 'duration', 'start_time', 'end_time', 'enrichments', 'impact', 'impact_id', 'risk_level', 'risk_level_id', 'risk_score', 'remediation', 'comment', 'status_code', 'status_detail', 'vulnerabilities'],
    objects: { metadata: 'metadata', finding_info: 'finding_info', evidences: 'evidences', resources: 'resource_details', observables: 'observable' },
  },
  metadata: { required: ['version', 'product'], known: ['uid', 'profiles', 'logged_time', 'original_time', 'tenant_uid', 'labels', 'extension', 'event_code', 'log_name', 'log_provider', 'sequence', 'correlation_uid', 'modified_time', 'processed_time'], objects: { product: 'product' } },
  product: { required: ['vendor_name'], atLeastOne: ['name', 'uid'], known: ['name', 'uid', 'version', 'feature', 'lang', 'path', 'url_string', 'cpe_name'] },
  finding_info: {
    required: ['uid', 'title'],
    known: ['analytic', 'attacks', 'created_time', 'data_sources', 'desc', 'first_seen_time', 'last_seen_time', 'modified_time', 'kill_chain', 'product_uid', 'related_analytics', 'related_events', 'src_url', 'types'],
    objects: { analytic: 'analytic', attacks: 'attack' },
  },
  analytic: { required: ['type_id'], atLeastOne: ['name', 'uid'], values: { type_id: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 99] }, known: ['name', 'uid', 'type', 'version', 'desc', 'category', 'related_analytics'] },
  attack: { required: [], atLeastOne: ['tactic', 'technique', 'sub_technique'], known: ['version', 'tactic', 'technique', 'sub_technique', 'tactics'], objects: { tactic: 'named', technique: 'named', sub_technique: 'named' } },
  named: { required: [], atLeastOne: ['name', 'uid'], known: ['name', 'uid', 'src_url'] },
  evidences: {
    required: [],
    atLeastOne: ['actor', 'api', 'connection_info', 'container', 'data', 'database', 'databucket', 'device', 'dst_endpoint', 'email', 'file', 'process', 'query', 'src_endpoint', 'url', 'user', 'job'],
    known: ['actor', 'api', 'connection_info', 'container', 'data', 'database', 'databucket', 'device', 'dst_endpoint', 'email', 'file', 'process', 'query', 'src_endpoint', 'url', 'user', 'job'],
    objects: { process: 'process', file: 'file', dst_endpoint: 'network_endpoint', container: 'container' },
  },
  process: { required: [], atLeastOne: ['pid', 'uid'], known: ['cmd_line', 'name', 'pid', 'tid', 'uid', 'created_time', 'file', 'parent_process', 'user', 'loaded_modules', 'sandbox', 'session', 'integrity', 'container', 'namespace_pid'], objects: { file: 'file', user: 'user' } },
  user: { required: [], atLeastOne: ['account', 'name', 'uid'], known: ['account', 'name', 'uid', 'type_id', 'type', 'email_addr', 'groups'] },
  file: { required: ['name', 'type_id'], values: { type_id: [0, 1, 2, 3, 4, 5, 6, 7, 99] }, known: ['path', 'ext', 'hashes', 'size', 'attributes', 'owner', 'modified_time', 'parent_folder', 'type', 'uid', 'security_descriptor'] },
  network_endpoint: { required: [], atLeastOne: ['ip', 'uid', 'name', 'hostname', 'svc_name', 'instance_uid', 'interface_uid', 'interface_name', 'domain'], known: ['ip', 'port', 'hostname', 'name', 'uid', 'svc_name', 'domain', 'mac'] },
  container: { required: [], atLeastOne: ['uid', 'name'], known: ['uid', 'name', 'image', 'hash', 'network_driver', 'orchestrator', 'pod_uuid', 'runtime', 'size', 'tag'], objects: { image: 'image' } },
  image: { required: ['uid'], known: ['name', 'labels', 'path', 'tag'] },
  resource_details: { required: [], atLeastOne: ['name', 'uid'], known: ['name', 'uid', 'type', 'namespace', 'labels', 'group', 'owner', 'region', 'version', 'criticality', 'data', 'agent_list', 'cloud_partition'] },
  observable: { required: ['name', 'type_id'], values: { type_id: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 99] }, known: ['type', 'value', 'reputation'] },
};

/** What is wrong with an object by the rules of OCSF 1.3; a line each. */
export function ocsfProblems(value: unknown, name = 'detection_finding', path = name): readonly string[] {
  const rule = rules[name];
  if (rule === undefined) return [`${path}: no rule for ${name}`];
  if (typeof value !== 'object' || value === null) return [`${path}: is no object`];
  const given = new Map(Object.entries(value).filter(([, each]) => each !== undefined));
  const problems = rule.required.filter((each) => !given.has(each)).map((each) => `${path}.${each}: is required`);
  if (rule.atLeastOne !== undefined && !rule.atLeastOne.some((each) => given.has(each))) problems.push(`${path}: one of ${rule.atLeastOne.join(', ')} must be there`);
  for (const [key, each] of given) {
    if (each === null) problems.push(`${path}.${key}: is null`);
    if (!rule.required.includes(key) && !rule.known.includes(key)) problems.push(`${path}.${key}: is not in the schema`);
    const allowed = rule.values?.[key];
    if (allowed !== undefined && !(typeof each === 'number' && allowed.includes(each))) problems.push(`${path}.${key}: ${String(each)} is not one of ${allowed.join()}`);
    const inner = rule.objects?.[key];
    const list: readonly unknown[] = Array.isArray(each) ? each : [each];
    if (inner !== undefined) problems.push(...list.flatMap((part, i) => ocsfProblems(part, inner, `${path}.${key}[${i}]`)));
  }
  return problems;
}
