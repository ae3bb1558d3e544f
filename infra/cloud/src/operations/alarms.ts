import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** Something that somebody is woken for. */
export interface AlarmSpec {
  /** Also the anchor of its section in docs/runbook.md. */
  readonly id: string;
  /** One sentence: what is the matter. */
  readonly says: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** `least`: the threshold and above; `above`: above it. */
  readonly when: 'least' | 'above';
  /** Periods in a row. */
  readonly periods: number;
}

/** What alarms watch. */
export interface Watched {
  readonly machineArn: string;
  /** Names of the functions of the pipeline. */
  readonly functions: readonly string[];
  /** Name of the function that compacts the lake. */
  readonly compact: string;
  readonly deadLetters: readonly IQueue[];
  readonly notifications: IQueue;
  readonly vaultBucket: string;
  readonly replicaBucket: string;
  readonly replicaRule: string;
  /** Namespace of the metrics that are counted from CloudTrail's events. */
  readonly trailNamespace: string;
}

const minutes = (count: number): Duration => Duration.minutes(count);

/** Every alarm of a home. */
export function alarmsOf(watched: Watched): readonly AlarmSpec[] {
  const states = (metricName: string, statistic: string = Stats.SUM): Metric => new Metric({ namespace: 'AWS/States', metricName, statistic, period: minutes(5), dimensionsMap: { StateMachineArn: watched.machineArn } });
  const lambda = (metricName: string, functionName: string): Metric => new Metric({ namespace: 'AWS/Lambda', metricName, statistic: Stats.SUM, period: minutes(5), dimensionsMap: { FunctionName: functionName } });
  const replication = (metricName: string, statistic: string): Metric =>
    new Metric({ namespace: 'AWS/S3', metricName, statistic, period: minutes(5), dimensionsMap: { SourceBucket: watched.vaultBucket, DestinationBucket: watched.replicaBucket, RuleId: watched.replicaRule } });
  const trail = (metricName: string): Metric => new Metric({ namespace: watched.trailNamespace, metricName, statistic: Stats.SUM, period: minutes(5) });
  const once = { threshold: 1, when: 'least', periods: 1 } as const;
  return [
    { id: 'analysis-failed', says: 'An analysis failed, or its capture was quarantined', metric: states('ExecutionsFailed'), ...once },
    { id: 'analysis-timed-out', says: 'An analysis took longer than it may', metric: states('ExecutionsTimedOut'), ...once },
    { id: 'analysis-throttled', says: 'Step Functions puts off analyses', metric: states('ExecutionThrottled'), ...once, periods: 3 },
    { id: 'analysis-slow', says: 'One in twenty analyses takes longer than an hour', metric: states('ExecutionTime', Stats.p(95)), threshold: 3_600_000, when: 'above', periods: 3 },
    { id: 'capture-not-analysed', says: 'Events of sealed captures, or the nightly run, were given up', metric: sumOf(watched.deadLetters.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ period: minutes(5), statistic: Stats.MAXIMUM }))), ...once },
    { id: 'functions-throttled', says: 'Functions are put off for want of concurrency', metric: sumOf(watched.functions.map((name) => lambda('Throttles', name))), threshold: 50, when: 'above', periods: 3 },
    { id: 'compaction-failed', says: 'The nightly compaction of the lake failed', metric: lambda('Errors', watched.compact), ...once },
    { id: 'notifications-unread', says: 'Nobody reads what analyses came to', metric: watched.notifications.metricApproximateAgeOfOldestMessage({ period: minutes(5), statistic: Stats.MAXIMUM }), threshold: 3600, when: 'above', periods: 3 },
    { id: 'replication-failed', says: 'Evidence could not be copied to the replica', metric: replication('OperationsFailedReplication', Stats.SUM), ...once },
    { id: 'replication-late', says: 'The replica is more than half an hour behind', metric: replication('ReplicationLatency', Stats.MAXIMUM), threshold: 1800, when: 'above', periods: 3 },
    { id: 'evidence-attacked', says: 'Somebody tried to delete evidence, to shorten a lock, or to change what protects it', metric: trail('EvidenceAttacked'), ...once },
    { id: 'evidence-key-threatened', says: 'Somebody tried to destroy or disable a key', metric: trail('KeyThreatened'), ...once },
    { id: 'record-stopped', says: 'Somebody changed or stopped the record of requests', metric: trail('RecordStopped'), ...once },
  ];
}

/** How an alarm compares. */
export function comparisonOf({ when }: AlarmSpec): ComparisonOperator {
  return when === 'least' ? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD;
}

function sumOf(metrics: readonly IMetric[]): IMetric {
  const named = Object.fromEntries(metrics.map((metric, at) => [`m${at}`, metric]));
  return new MathExpression({ expression: `SUM(METRICS())`, usingMetrics: named, period: minutes(5) });
}
