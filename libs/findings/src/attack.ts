/** Version of MITRE ATT&CK that technique ids are of. */
export const attackVersion = '19.0';

export interface Technique {
  readonly id: string;
  readonly name: string;
  /** Tactics by their short names, in the order of a matrix row. */
  readonly tactics: readonly string[];
}

/** The techniques that detectors name. Version 19 split defense evasion into stealth and defense impairment. */
const table: readonly (readonly [id: string, name: string, ...tactics: readonly string[]])[] = [
  ['T1003.007', 'OS Credential Dumping: Proc Filesystem', 'credential-access'],
  ['T1003.008', 'OS Credential Dumping: /etc/passwd and /etc/shadow', 'credential-access'],
  ['T1014', 'Rootkit', 'stealth'],
  ['T1021.004', 'Remote Services: SSH', 'lateral-movement'],
  ['T1027', 'Obfuscated Files or Information', 'stealth'],
  ['T1027.011', 'Obfuscated Files or Information: Fileless Storage', 'stealth'],
  ['T1036.003', 'Masquerading: Rename Legitimate Utilities', 'stealth'],
  ['T1036.004', 'Masquerading: Masquerade Task or Service', 'stealth'],
  ['T1036.005', 'Masquerading: Match Legitimate Resource Name or Location', 'stealth'],
  ['T1036.009', 'Masquerading: Break Process Trees', 'stealth'],
  ['T1036.011', 'Masquerading: Overwrite Process Arguments', 'stealth'],
  ['T1037.004', 'Boot or Logon Initialization Scripts: RC Scripts', 'persistence'],
  ['T1040', 'Network Sniffing', 'credential-access', 'discovery'],
  ['T1041', 'Exfiltration Over C2 Channel', 'exfiltration'],
  ['T1046', 'Network Service Discovery', 'discovery'],
  ['T1048', 'Exfiltration Over Alternative Protocol', 'exfiltration'],
  ['T1053.003', 'Scheduled Task/Job: Cron', 'execution', 'persistence'],
  ['T1053.006', 'Scheduled Task/Job: Systemd Timers', 'execution', 'persistence'],
  ['T1055', 'Process Injection', 'stealth', 'privilege-escalation'],
  ['T1055.001', 'Process Injection: Dynamic-link Library Injection', 'stealth', 'privilege-escalation'],
  ['T1055.008', 'Process Injection: Ptrace System Calls', 'stealth', 'privilege-escalation'],
  ['T1055.009', 'Process Injection: Proc Memory', 'stealth', 'privilege-escalation'],
  ['T1056.001', 'Input Capture: Keylogging', 'collection', 'credential-access'],
  ['T1059', 'Command and Scripting Interpreter', 'execution'],
  ['T1059.004', 'Command and Scripting Interpreter: Unix Shell', 'execution'],
  ['T1059.006', 'Command and Scripting Interpreter: Python', 'execution'],
  ['T1068', 'Exploitation for Privilege Escalation', 'privilege-escalation'],
  ['T1070.003', 'Indicator Removal: Clear Command History', 'stealth'],
  ['T1070.004', 'Indicator Removal: File Deletion', 'stealth'],
  ['T1071.001', 'Application Layer Protocol: Web Protocols', 'command-and-control'],
  ['T1071.004', 'Application Layer Protocol: DNS', 'command-and-control'],
  ['T1074.001', 'Data Staged: Local Data Staging', 'collection'],
  ['T1090', 'Proxy', 'command-and-control'],
  ['T1095', 'Non-Application Layer Protocol', 'command-and-control'],
  ['T1098', 'Account Manipulation', 'persistence'],
  ['T1098.004', 'Account Manipulation: SSH Authorized Keys', 'persistence'],
  ['T1105', 'Ingress Tool Transfer', 'command-and-control'],
  ['T1129', 'Shared Modules', 'execution'],
  ['T1132', 'Data Encoding', 'command-and-control'],
  ['T1136.001', 'Create Account: Local Account', 'persistence'],
  ['T1140', 'Deobfuscate/Decode Files or Information', 'stealth'],
  ['T1190', 'Exploit Public-Facing Application', 'initial-access'],
  ['T1195.002', 'Supply Chain Compromise: Compromise Software Supply Chain', 'initial-access'],
  ['T1204.003', 'User Execution: Malicious Image', 'execution'],
  ['T1205.002', 'Traffic Signaling: Socket Filters', 'stealth', 'persistence', 'command-and-control'],
  ['T1219', 'Remote Access Tools', 'command-and-control'],
  ['T1485', 'Data Destruction', 'impact'],
  ['T1486', 'Data Encrypted for Impact', 'impact'],
  ['T1489', 'Service Stop', 'impact'],
  ['T1496.001', 'Resource Hijacking: Compute Hijacking', 'impact'],
  ['T1497', 'Virtualization/Sandbox Evasion', 'stealth', 'discovery'],
  ['T1505.003', 'Server Software Component: Web Shell', 'persistence'],
  ['T1525', 'Implant Internal Image', 'persistence'],
  ['T1528', 'Steal Application Access Token', 'credential-access'],
  ['T1543.002', 'Create or Modify System Process: Systemd Service', 'persistence'],
  ['T1546', 'Event Triggered Execution', 'persistence'],
  ['T1546.004', 'Event Triggered Execution: Unix Shell Configuration Modification', 'persistence'],
  ['T1546.018', 'Event Triggered Execution: Python Startup Hooks', 'persistence'],
  ['T1547.006', 'Boot or Logon Autostart Execution: Kernel Modules and Extensions', 'persistence'],
  ['T1548.001', 'Abuse Elevation Control Mechanism: Setuid and Setgid', 'privilege-escalation'],
  ['T1548.003', 'Abuse Elevation Control Mechanism: Sudo and Sudo Caching', 'privilege-escalation'],
  ['T1552', 'Unsecured Credentials', 'credential-access'],
  ['T1552.001', 'Unsecured Credentials: Credentials In Files', 'credential-access'],
  ['T1552.003', 'Unsecured Credentials: Shell History', 'credential-access'],
  ['T1552.004', 'Unsecured Credentials: Private Keys', 'credential-access'],
  ['T1552.005', 'Unsecured Credentials: Cloud Instance Metadata API', 'credential-access'],
  ['T1552.007', 'Unsecured Credentials: Container API', 'credential-access'],
  ['T1554', 'Compromise Host Software Binary', 'persistence'],
  ['T1556', 'Modify Authentication Process', 'persistence', 'credential-access'],
  ['T1556.003', 'Modify Authentication Process: Pluggable Authentication Modules', 'persistence', 'credential-access'],
  ['T1560.001', 'Archive Collected Data: Archive via Utility', 'collection'],
  ['T1564.001', 'Hide Artifacts: Hidden Files and Directories', 'stealth'],
  ['T1564.013', 'Hide Artifacts: Bind Mounts', 'stealth'],
  ['T1567', 'Exfiltration Over Web Service', 'exfiltration'],
  ['T1571', 'Non-Standard Port', 'command-and-control'],
  ['T1572', 'Protocol Tunneling', 'command-and-control'],
  ['T1574.006', 'Hijack Execution Flow: Dynamic Linker Hijacking', 'stealth', 'persistence', 'privilege-escalation'],
  ['T1574', 'Hijack Execution Flow', 'stealth', 'persistence', 'privilege-escalation'],
  ['T1609', 'Container Administration Command', 'execution'],
  ['T1610', 'Deploy Container', 'execution'],
  ['T1611', 'Escape to Host', 'privilege-escalation'],
  ['T1613', 'Container and Resource Discovery', 'discovery'],
  ['T1620', 'Reflective Code Loading', 'stealth'],
  ['T1622', 'Debugger Evasion', 'stealth', 'discovery'],
  ['T1685', 'Disable or Modify Tools', 'defense-impairment'],
  ['T1685.006', 'Disable or Modify Tools: Clear Linux or Mac System Logs', 'defense-impairment'],
  ['T1690', 'Prevent Command History Logging', 'defense-impairment'],
];

const techniques: ReadonlyMap<string, Technique> = new Map(table.map(([id, name, ...tactics]) => [id, { id, name, tactics }]));

/** A technique by its id in version 19; undefined for one that no detector names. */
export function techniqueOf(id: string): Technique | undefined {
  return techniques.get(id);
}

/** Ids before version 19 that became others, as tools with older maps still write them. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['T1562.001', 'T1685'],
  ['T1562.006', 'T1685'],
  ['T1562.002', 'T1685.001'],
  ['T1562.008', 'T1685.002'],
  ['T1562.003', 'T1690'],
  ['T1562.004', 'T1686'],
  ['T1562.007', 'T1686.001'],
  ['T1562.010', 'T1689'],
  ['T1070.001', 'T1685.005'],
  ['T1070.002', 'T1685.006'],
  ['T1656', 'T1684.001'],
]);

/** The id in version 19 of a technique that an older source names; the id itself where it did not change. */
export function currentTechnique(id: string): string {
  return renamed.get(id) ?? id;
}

/** Ids that a technique had before version 19. */
export function formerTechniques(id: string): readonly string[] {
  return [...renamed].filter(([, now]) => now === id).map(([before]) => before);
}

/** Tactics of techniques, each once, in the order of the table's rows. */
export function tacticsOf(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.flatMap((id) => techniqueOf(id)?.tactics ?? []))];
}
