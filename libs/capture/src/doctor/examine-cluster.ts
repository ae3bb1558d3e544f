import { bad, type Check, type Examined, good, unseen } from './check.ts';
import type { AccessAnswer, Sight } from './cluster-view.ts';

/** What is known of the cluster as a whole. */
export interface ClusterView {
  /** The API serves captures. */
  readonly resourceInstalled: Sight<boolean>;
  /** Of the service account of `alerts`. */
  readonly access: Sight<readonly AccessAnswer[]>;
  /** Ready pods of `alerts`, and all of them. */
  readonly alerts: Sight<{ readonly ready: number; readonly all: number }>;
  /** How far this machine’s clock is ahead of the API server’s, in milliseconds. */
  readonly clockOffsetMs: Sight<number>;
}

/** Examines what is no node’s. */
export function examineCluster({ resourceInstalled, access, alerts, clockOffsetMs }: ClusterView): Examined {
  return { name: 'cluster', checks: [installed(resourceInstalled, alerts), rbac(access), clock(clockOffsetMs)] };
}

function installed(resource: Sight<boolean>, alerts: Sight<{ readonly ready: number; readonly all: number }>): Check {
  if (resource.seen && !resource.value) return bad('role', 'the API does not know captures', 'kubectl apply -k infra/cluster/overlays/… installs them');
  if (!alerts.seen) return unseen('role', alerts.why, 'ask as somebody with the Role icecore-doctor');
  const { ready, all } = alerts.value;
  if (all === 0) return bad('role', 'alerts does not run', 'kubectl apply -k infra/cluster/overlays/…');
  const says = `alerts: ${ready} of ${all} ready`;
  return ready === 0 ? bad('role', says, 'kubectl -n icecore describe pods -l app.kubernetes.io/name=icecore-alerts') : good('role', says);
}

function rbac(access: Sight<readonly AccessAnswer[]>): Check {
  if (!access.seen) return unseen('rbac', access.why, 'ask as somebody who may create subjectaccessreviews: the ClusterRole icecore-doctor');
  const denied = access.value.filter(({ allowed }) => !allowed);
  return denied.length > 0 ? bad('rbac', `alerts may not ${denied.map(({ what }) => what).join(', ')}`, 'apply the manifests’ RBAC again') : good('rbac', 'all that alerts needs');
}

function clock(offset: Sight<number>): Check {
  if (!offset.seen) return unseen('clock', offset.why, 'ask again');
  const seconds = `${(offset.value / 1000).toFixed(1)} s`;
  return Math.abs(offset.value) > 2000 ? bad('clock', `this machine’s is ${seconds} from the API server’s`, 'set this machine’s clock: what you compare with evidence is dated by it') : good('clock', 'this machine’s is as the API server’s');
}
