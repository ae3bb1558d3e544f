import { z } from 'zod';

const account = z.string().regex(/^\d{12}$/, 'is not the twelve digits of an account');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is not a region');
const place = { account, region };
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a date, YYYY-MM-DD');
const roleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, 'is not the name of a role');
const principal = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/*-]+$/, 'is not the ARN of a role or user; * stands for any run of characters');
/** As part of a key in the vault: the same rule as `safeName` of libs/evidence, so that the name of a cluster is its folder. */
const clusterName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._=-]{0,99}$/, 'is not a name that can be a folder of the vault');
const kubernetesName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'is not a name of Kubernetes');

const lock = z
  .strictObject({
    /** Days that an object is locked where its writer names none. */
    defaultDays: z.number().int().min(1).max(36_500).default(90),
    /** A writer who asks for less is refused. */
    minimumDays: z.number().int().min(1).default(30),
    /** A writer who asks for more is refused: no lock in the mode COMPLIANCE can be undone, and what it holds is paid for. */
    maximumDays: z.number().int().max(36_500).default(3650),
  })
  .refine(({ defaultDays, minimumDays, maximumDays }) => minimumDays <= defaultDays && defaultDays <= maximumDays, 'minimumDays, defaultDays and maximumDays must ascend');

const ages = z
  .strictObject({
    /** Days after which an archive goes to a class that is cheaper to keep and dearer to read, and read as fast. */
    coldAfterDays: z.number().int().min(1).default(30),
    /** Days after which it goes to a class from which reading takes half a day. Never, where it is not given. */
    frozenAfterDays: z.number().int().min(180).optional(),
    /** Days after which evidence goes, where its lock has ended and nothing holds it. Never, where it is not given. */
    expireAfterDays: z.number().int().min(1).optional(),
  })
  .refine(({ coldAfterDays, frozenAfterDays = 36_500 }) => frozenAfterDays >= coldAfterDays + 90, 'frozenAfterDays must be 90 days or more after coldAfterDays, which the class before it is paid for at least');

const home = z.strictObject({
  ...place,
  /** Tenants of the lake besides the accounts of the clusters, each of which is one. */
  moreTenants: z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$/)).default([]),
  /** First day that the lake is asked about; what was captured before has no rows. */
  firstDate: day,
  lock: lock.prefault({}),
  ages: ages.prefault({}),
  keepers: z.array(roleName).min(1),
  replica: z.strictObject({ ...place, keepers: z.array(roleName).min(1) }),
  people: z.strictObject({ analysts: z.array(principal).min(1), custodians: z.array(principal).min(1) }),
  operations: z.strictObject({
    alarmEmail: z.email(),
    monthlyBudgetUsd: z.number().positive(),
    /** Largest scan of one query, in GiB; Athena ends what reads more. */
    scanLimitGiB: z.number().int().min(1).default(100),
  }),
});

const access = z.discriminatedUnion('kind', [
  /** EKS Pod Identity: the session carries the cluster's name as a tag. */
  z.strictObject({ kind: z.literal('pod-identity') }),
  /** IAM roles for service accounts: the role carries the tag. `issuer` is the cluster's, without `https://`. */
  z.strictObject({ kind: z.literal('oidc'), issuer: z.string().regex(/^[a-z0-9.-]+(\/[A-Za-z0-9._-]+)*$/, 'is not an issuer without https://') }),
]);

const cluster = z.strictObject({
  name: clusterName,
  ...place,
  home: z.strictObject(place),
  namespace: kubernetesName,
  serviceAccounts: z.array(kubernetesName).min(1),
  access,
});

const config = z
  .strictObject({
    /** Prefix of all that is named, so that two of them can live in one account. */
    name: z.string().regex(/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/, 'is not 3 to 20 small letters, digits and dashes'),
    homes: z.array(home).min(1),
    clusters: z.array(cluster).default([]),
  })
  .superRefine(({ homes, clusters }, context) => {
    const known = homes.map(placeText);
    const refuse = (message: string, ...path: (string | number)[]): void => context.addIssue({ code: 'custom', message, path });
    known.forEach((each, at) => known.indexOf(each) === at || refuse('is there twice', 'homes', at));
    homes.forEach((each, at) => placeText(each) !== placeText(each.replica) || refuse('is the home itself: what destroys one would destroy both', 'homes', at, 'replica'));
    clusters.forEach((each, at) => known.includes(placeText(each.home)) || refuse('is none of the homes', 'clusters', at, 'home'));
    const names = clusters.map(({ account: of, name }) => `${of}/${name}`);
    names.forEach((each, at) => names.indexOf(each) === at || refuse('another cluster of this account has the name: they would share a folder', 'clusters', at, 'name'));
  });

export type Config = z.infer<typeof config>;
export type Home = Config['homes'][number];
export type Cluster = Config['clusters'][number];
/** An account and region. */
export type Place = Readonly<z.infer<z.ZodObject<typeof place>>>;

/** A place as text: `111111111111/eu-west-1`. */
export function placeText({ account: of, region: at }: Place): string {
  return `${of}/${at}`;
}

/**
 * The tenants whose rows a home's lake holds: what the clusters of an account sealed is that account's. A tenant that
 * is not among them has no rows for Athena, silently.
 */
export function tenantsOf({ clusters }: Config, home: Home): readonly string[] {
  const accounts = clusters.filter((each) => placeText(each.home) === placeText(home)).map(({ account: of }) => of);
  return [...new Set([home.account, ...accounts, ...home.moreTenants])].sort();
}

/** Reads a configuration that was parsed from YAML. Throws an error that names every field that is wrong. */
export function readConfig(value: unknown): Config {
  const parsed = config.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`the configuration is not right:\n${parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`).join('\n')}`);
}
