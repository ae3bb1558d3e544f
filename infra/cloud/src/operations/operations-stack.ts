import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Alarm, AlarmStatusWidget, Dashboard, GraphWidget, TextWidget, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Home } from '../config/schema.ts';
import { alarmsOf, comparisonOf, type Watched } from './alarms.ts';
import { trailPatterns } from './trail-metrics.ts';

export interface OperationsProps extends StackProps {
  readonly prefix: string;
  readonly home: Home;
  readonly watched: Omit<Watched, 'trailNamespace'>;
  readonly trailEvents: ILogGroup;
  readonly alarms: ITopic;
}

/** Where the runbook is, from the root of the repository. */
export const runbook = 'docs/runbook.md';

/** What tells people how things are: alarms, a dashboard, a budget. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, { prefix, home, watched, trailEvents, alarms, ...props }: OperationsProps) {
    super(scope, id, props);
    const trailNamespace = `${prefix}/vault`;
    for (const [metricName, pattern] of Object.entries(trailPatterns(watched.vaultBucket))) {
      new MetricFilter(this, metricName, { logGroup: trailEvents, metricNamespace: trailNamespace, metricName, filterPattern: FilterPattern.literal(pattern), metricValue: '1', defaultValue: 0 });
    }
    const specs = alarmsOf({ ...watched, trailNamespace });
    const made = specs.map((spec) => {
      const alarm = new Alarm(this, `Alarm-${spec.id}`, {
        alarmName: `${prefix}-${spec.id}`,
        alarmDescription: `${spec.says}. What to do: ${runbook}#${spec.id}`,
        metric: spec.metric,
        threshold: spec.threshold,
        evaluationPeriods: spec.periods,
        comparisonOperator: comparisonOf(spec),
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(new SnsAction(alarms));
      alarm.addOkAction(new SnsAction(alarms));
      return alarm;
    });
    const board = new Dashboard(this, 'Dashboard', { dashboardName: `${prefix}-${home.region}` });
    board.addWidgets(new TextWidget({ width: 24, height: 2, markdown: `# icecore, ${home.account} ${home.region}\nWhat to do about an alarm: ${runbook}` }));
    board.addWidgets(new AlarmStatusWidget({ width: 24, height: 5, alarms: made }));
    for (let at = 0; at < specs.length; at += 3) {
      board.addWidgets(...specs.slice(at, at + 3).map(({ id: title, metric }) => new GraphWidget({ title, width: 8, left: [metric] })));
    }
    budget(this, prefix, home.operations);
  }
}

/** One mail when four fifths are spent, one when the month will cost more than it may. Only costs with the tag `icecore` count. */
function budget(scope: Construct, prefix: string, { monthlyBudgetUsd, alarmEmail }: Home['operations']): void {
  const tell = (notificationType: 'ACTUAL' | 'FORECASTED', threshold: number): CfnBudget.NotificationWithSubscribersProperty => ({
    notification: { notificationType, comparisonOperator: 'GREATER_THAN', threshold, thresholdType: 'PERCENTAGE' },
    subscribers: [{ subscriptionType: 'EMAIL', address: alarmEmail }],
  });
  new CfnBudget(scope, 'Budget', {
    budget: { budgetName: `${prefix}-${Stack.of(scope).region}`, budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: monthlyBudgetUsd, unit: 'USD' }, costFilters: { TagKeyValue: [`user:application$${prefix}`] } },
    notificationsWithSubscribers: [tell('ACTUAL', 80), tell('FORECASTED', 100)],
  });
}
