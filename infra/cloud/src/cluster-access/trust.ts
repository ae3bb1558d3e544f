import { type Cluster } from '../config/schema.ts';
import { FederatedPrincipal, type IPrincipal, ServicePrincipal, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';

/** The tag in which a session or role carries the cluster's name: the one that EKS Pod Identity sets. */
export const clusterTag = 'eks-cluster-name';

/**
 * Who may be a cluster's writer. By Pod Identity EKS itself tags the session, and the trust says with which tags: this
 * cluster, this namespace, these service accounts. By OIDC the token says so, and the role carries the tag.
 */
export function writerTrust({ name, account, region, namespace, serviceAccounts, access }: Cluster): IPrincipal {
  if (access.kind === 'pod-identity') {
    const clusterArn = `arn:aws:eks:${region}:${account}:cluster/${name}`;
    return new SessionTagsPrincipal(
      new ServicePrincipal('pods.eks.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': account,
            'aws:RequestTag/eks-cluster-arn': clusterArn,
            [`aws:RequestTag/${clusterTag}`]: name,
            'aws:RequestTag/kubernetes-namespace': namespace,
            'aws:RequestTag/kubernetes-service-account': serviceAccounts,
          },
        },
      }),
    );
  }
  const subjects = serviceAccounts.map((serviceAccount) => `system:serviceaccount:${namespace}:${serviceAccount}`);
  return new FederatedPrincipal(
    `arn:aws:iam::${account}:oidc-provider/${access.issuer}`,
    { StringEquals: { [`${access.issuer}:aud`]: 'sts.amazonaws.com', [`${access.issuer}:sub`]: subjects } },
    'sts:AssumeRoleWithWebIdentity',
  );
}
