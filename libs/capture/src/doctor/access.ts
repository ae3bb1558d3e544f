import type { PermissionRule, RolePermissions } from '../permissions.ts';

/** One question to the API server about what an account may do: the attributes of a SubjectAccessReview. */
export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Undefined: in all namespaces. */
  readonly namespace: string | undefined;
}

/** Every right that a role declares to need, each as a question. */
export function accessQuestions({ own, cluster }: Pick<RolePermissions, 'own' | 'cluster'>, namespace: string): readonly AccessQuestion[] {
  const questions = (rules: readonly PermissionRule[], within: string | undefined): readonly AccessQuestion[] =>
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((name) =>
          verbs.map((verb): AccessQuestion => {
            const [resource = '', subresource = ''] = name.split('/');
            return { verb, group, resource, subresource, namespace: within };
          }),
        ),
      ),
    );
  return [...questions(own, namespace), ...questions(cluster, undefined)];
}

/** `create nodes/checkpoint`, as people say it. */
export function accessText({ verb, group, resource, subresource, namespace }: AccessQuestion): string {
  return `${verb} ${resource}${subresource === '' ? '' : `/${subresource}`}${group === '' ? '' : `.${group}`}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

/** The SubjectAccessReview that asks it of a service account. */
export function accessReview(question: AccessQuestion, account: { readonly namespace: string; readonly name: string }): Readonly<Record<string, unknown>> {
  const { verb, group, resource, subresource, namespace } = question;
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: `system:serviceaccount:${account.namespace}:${account.name}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`, 'system:authenticated'],
      resourceAttributes: { verb, group, resource, subresource, ...(namespace === undefined ? {} : { namespace }) },
    },
  };
}
