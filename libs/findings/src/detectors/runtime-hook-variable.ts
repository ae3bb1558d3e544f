import { detector } from '../detector.ts';
import { environmentOf, named } from '../programs.ts';
import { isSuspiciouslyHidden, isWritableFolder } from '../places.ts';

const hooks: Readonly<Record<string, RegExp>> = {
  NODE_OPTIONS: /(?:--(?:require|import|loader|experimental-loader)[= ]|(?:^|\s)-r\s*)(\S+)/,
  JAVA_TOOL_OPTIONS: /-(?:javaagent|agentpath|agentlib):([^\s=]+)/,
  _JAVA_OPTIONS: /-(?:javaagent|agentpath|agentlib):([^\s=]+)/,
  JDK_JAVA_OPTIONS: /-(?:javaagent|agentpath|agentlib):([^\s=]+)/,
  PERL5OPT: /-M(\S+)/,
  PERL5LIB: /(\/(?:tmp|dev\/shm|var\/tmp)\S*)/,
  RUBYOPT: /-r\s?(\S+)/,
  PYTHONSTARTUP: /(\S+)/,
  PYTHONPATH: /(\/(?:tmp|dev\/shm|var\/tmp)[^:]*)/,
  BASH_ENV: /(\S+)/,
  ENV: /^(\/\S+)$/,
  PROMPT_COMMAND: /(.+)/,
  DOTNET_STARTUP_HOOKS: /(\S+)/,
  CORECLR_PROFILER_PATH: /(\S+)/,
  GCONV_PATH: /(\S+)/,
  GLIBC_TUNABLES: /(.{64,}|.*=.*=.*)/,
};
const agents = /opentelemetry|otel|datadog|dd-java|ddtrace|newrelic|elastic-apm|appdynamics|dynatrace|oneagent|instana|skywalking|jmx_prometheus|glowroot|sentry|jolokia|jacoco|contrast|splunk|lightstep|honeycomb|bundler|nvm|npm|module-?alias|source-map-support|dotenv|tsx|ts-node|shinit|etc\/(?:profile|bash|environment)/i;

export const runtimeHookVariable = detector({
  id: 'runtime-hook-variable',
  signal: 'S44',
  title: 'Variable that puts code into every program',
  version: 1,
  techniques: ['T1546', 'T1574'],
  severity: 'high',
  category: 'attack',
  needs: [],
  falsePositives: 'monitoring agents (OpenTelemetry, Datadog, New Relic), which are put in this way',
  *detect({ snapshot }) {
    const told = new Set<string>();
    for (const process of snapshot.processes) {
      const variables = environmentOf(process);
      for (const [name, form] of Object.entries(hooks)) {
        const value = variables.get(name);
        const all = value === undefined ? [] : [...value.matchAll(new RegExp(form, 'g'))].flatMap(([, what]) => what ?? []);
        const strange = (what: string): boolean => isWritableFolder(what) || isSuspiciouslyHidden(what);
        const hook = all.find(strange) ?? all.find((what) => !agents.test(what)) ?? all[0];
        if (value === undefined || hook === undefined || told.has(`${name}=${value}`)) continue;
        told.add(`${name}=${value}`);
        const odd = strange(hook) || (name === 'PROMPT_COMMAND' && /curl|wget|\/dev\/tcp|base64|nc\s/.test(hook));
        if (name === 'PROMPT_COMMAND' && !odd) continue;
        const agent = agents.test(hook) && !odd;
        yield {
          pid: process.pid,
          summary: `${named(process)} has ${name}=${value.slice(0, 160)}, which runs ${hook.slice(0, 80)} before every program`,
          confidence: odd ? 'high' : 'low',
          ...(agent ? { severity: 'informational' as const } : {}),
          evidence: [{ what: 'environment variable', pid: process.pid, ...(process.addresses === undefined ? {} : { address: process.addresses.environment[0] }), value: `${name}=${value}`, image: `mm-${process.pid}.img` }],
          key: `${name}=${value}`,
        };
      }
    }
  },
});
