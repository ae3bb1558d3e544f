import { validate as validatingAdmissionPolicy } from 'kubernetes-models/_schemas/IoK8sApiAdmissionregistrationV1ValidatingAdmissionPolicy';
import { validate as validatingAdmissionPolicyBinding } from 'kubernetes-models/_schemas/IoK8sApiAdmissionregistrationV1ValidatingAdmissionPolicyBinding';
import { validate as daemonSet } from 'kubernetes-models/_schemas/IoK8sApiAppsV1DaemonSet';
import { validate as deployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment';
import { validate as configMap } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap';
import { validate as limitRange } from 'kubernetes-models/_schemas/IoK8sApiCoreV1LimitRange';
import { validate as namespace } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Namespace';
import { validate as pod } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Pod';
import { validate as resourceQuota } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ResourceQuota';
import { validate as service } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service';
import { validate as serviceAccount } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ServiceAccount';
import { validate as networkPolicy } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy';
import { validate as podDisruptionBudget } from 'kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget';
import { validate as clusterRole } from 'kubernetes-models/_schemas/IoK8sApiRbacV1ClusterRole';
import { validate as clusterRoleBinding } from 'kubernetes-models/_schemas/IoK8sApiRbacV1ClusterRoleBinding';
import { validate as role } from 'kubernetes-models/_schemas/IoK8sApiRbacV1Role';
import { validate as roleBinding } from 'kubernetes-models/_schemas/IoK8sApiRbacV1RoleBinding';
import { validate as priorityClass } from 'kubernetes-models/_schemas/IoK8sApiSchedulingV1PriorityClass';
import { validate as customResourceDefinition } from 'kubernetes-models/_schemas/IoK8sApiextensionsApiserverPkgApisApiextensionsV1CustomResourceDefinition';
import { z } from 'zod';
import type { KubernetesObject } from '../kustomize/object.ts';
import { unknownFields } from './unknown-fields.ts';

type Validator = (data: unknown) => boolean;

/** Schemas of the API for the kinds that our manifests have. */
const validators: Readonly<Record<string, Validator>> = {
  'v1/Namespace': namespace,
  'v1/ConfigMap': configMap,
  'v1/Service': service,
  'v1/ServiceAccount': serviceAccount,
  'v1/Pod': pod,
  'v1/ResourceQuota': resourceQuota,
  'v1/LimitRange': limitRange,
  'apps/v1/Deployment': deployment,
  'apps/v1/DaemonSet': daemonSet,
  'policy/v1/PodDisruptionBudget': podDisruptionBudget,
  'scheduling.k8s.io/v1/PriorityClass': priorityClass,
  'networking.k8s.io/v1/NetworkPolicy': networkPolicy,
  'rbac.authorization.k8s.io/v1/Role': role,
  'rbac.authorization.k8s.io/v1/RoleBinding': roleBinding,
  'rbac.authorization.k8s.io/v1/ClusterRole': clusterRole,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': clusterRoleBinding,
  'apiextensions.k8s.io/v1/CustomResourceDefinition': customResourceDefinition,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy': validatingAdmissionPolicy,
  'admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding': validatingAdmissionPolicyBinding,
};

/** Fields that the API has and the validators of kubernetes-models leave out: descriptions, and extensions of schemas. */
const leftOut = /\/(?:description|x-kubernetes-[a-z-]+)$/;
const kindsWithThem = new Set(['PriorityClass', 'CustomResourceDefinition']);

const faults = z.array(z.object({ instancePath: z.string(), keyword: z.string(), params: z.record(z.string(), z.unknown()) })).nullish();

/** What of an object its schema does not allow, each as a path and a reason; empty where it is sound. */
export function schemaFaults({ apiVersion, kind, body }: KubernetesObject): readonly string[] {
  const validate = validators[`${apiVersion}/${kind}`];
  if (validate === undefined) return [`${apiVersion}/${kind} has no schema here`];
  const wrong = validate(body) ? [] : (faults.parse(Reflect.get(validate, 'errors')) ?? []).map(({ instancePath, keyword, params }) => `${instancePath || '/'}: ${keyword} ${JSON.stringify(params)}`);
  return [...wrong, ...unknownFields(body, validate).filter((path) => !(kindsWithThem.has(kind) && leftOut.test(path))).map((path) => `${path}: is not in the schema`)];
}
