import { entropyOf, isPlaceholder } from '../entropy.ts';
import { type Judgement, rule, type SecretRule } from '../rule.ts';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** GitHub's tokens end in a CRC-32 of what goes before, six digits in base 62 (GitHub, "Behind GitHub's new authentication token formats"). */
export function tokenChecksum(secretPart: string): string {
  // Loaded where a first token is met, for it brings Node's streams with it.
  let rest = process.getBuiltinModule('node:zlib').crc32(secretPart);
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits = (base62[rest % 62] ?? '0') + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function checksummed(token: string): Judgement {
  const body = token.slice(token.indexOf('_') + 1);
  const holds = tokenChecksum(body.slice(0, -6)) === body.slice(-6);
  if (!holds && isPlaceholder(body)) return { validity: 'example', check: 'a placeholder' };
  return { validity: holds ? 'valid' : 'invalid', check: 'base62 CRC-32 at its end' };
}

/** A rule for a token that a prefix tells; what is too even to be random is none. */
function prefixed(id: string, type: string, anchors: readonly string[], rest: string, maxLength: number, leastEntropy = 3): SecretRule {
  return rule({
    id,
    type,
    anchors,
    expression: new RegExp(`(?:${anchors.map((anchor) => anchor.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})${rest}`, 'y'),
    maxLength,
    judge: (value) => {
      const anchor = anchors.find((each) => value.startsWith(each)) ?? '';
      const random = value.slice(anchor.length);
      if (isPlaceholder(random)) return { validity: 'example', check: 'a placeholder' };
      return entropyOf(random) < leastEntropy ? undefined : { validity: 'form_only' };
    },
  });
}

export const tokenRules = [
  rule({ id: 'github_token', type: 'GitHub token', anchors: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], expression: /gh[pousr]_[0-9A-Za-z]{36}/y, maxLength: 40, judge: checksummed }),
  prefixed('github_fine_grained_token', 'GitHub fine-grained token', ['github_pat_'], '[0-9A-Za-z]{22}_[0-9A-Za-z]{59}', 93, 4),
  prefixed('gitlab_token', 'GitLab token', ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'glagent-'], '[0-9A-Za-z_-]{20,50}', 60),
  rule({
    id: 'npm_token',
    type: 'npm token',
    anchors: ['npm_'],
    expression: /npm_[0-9A-Za-z]{36}/y,
    maxLength: 40,
    judge: (token) => {
      const judgement = checksummed(token);
      return judgement.validity === 'invalid' ? (entropyOf(token.slice(4)) < 3.5 ? undefined : { validity: 'form_only' }) : judgement;
    },
  }),
  prefixed('slack_token', 'Slack token', ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xapp-'], '[0-9A-Za-z-]{20,250}', 260),
  rule({
    id: 'slack_webhook',
    type: 'Slack webhook',
    anchors: ['hooks.slack.com/'],
    expression: /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<value>[A-Za-z0-9+/]{40,60})/y,
    maxLength: 100,
    boundary: 'none',
    judge: (value) => (isPlaceholder(value) ? { validity: 'example', check: 'a placeholder' } : { validity: 'form_only' }),
  }),
  prefixed('stripe_key', 'Stripe key', ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_', 'sk_prod_'], '[0-9A-Za-z]{16,99}', 110),
  prefixed('twilio_api_key', 'Twilio API key', ['SK'], '[0-9a-f]{32}', 34),
  prefixed('sendgrid_api_key', 'SendGrid API key', ['SG.'], '[\\w-]{22}\\.[\\w-]{43}', 69, 4),
  prefixed('openai_api_key', 'OpenAI API key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], '[\\w-]{20,180}T3BlbkFJ[\\w-]{20,180}', 380),
  rule({ id: 'openai_legacy_key', type: 'OpenAI API key', anchors: ['sk-'], expression: /sk-[0-9A-Za-z]{20}T3BlbkFJ[0-9A-Za-z]{20}/y, maxLength: 51, judge: () => ({ validity: 'valid', check: 'the mark within it' }) }),
  prefixed('anthropic_api_key', 'Anthropic API key', ['sk-ant-api03-', 'sk-ant-admin01-'], '[\\w-]{93}AA', 120),
  prefixed('huggingface_token', 'Hugging Face token', ['hf_'], '[0-9A-Za-z]{34}', 37, 3.5),
  prefixed('google_api_key', 'Google API key', ['AIza'], '[\\w-]{35}', 39, 3.5),
  prefixed('google_oauth_secret', 'Google OAuth client secret', ['GOCSPX-'], '[\\w-]{28}', 35),
  prefixed('vault_token', 'Vault token', ['hvs.', 'hvb.', 'hvr.'], '[\\w-]{24,300}', 310),
  rule({ id: 'terraform_token', type: 'Terraform Cloud token', anchors: ['.atlasv1.'], reach: 14, expression: /[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70}/y, maxLength: 95 }),
  prefixed('pypi_token', 'PyPI token', ['pypi-AgEIcHlwaS5vcmc', 'pypi-AgENdGVzdC5weXBp'], '[\\w-]{50,1000}', 1030),
  prefixed('digitalocean_token', 'DigitalOcean token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], '[0-9a-f]{64}', 71),
  prefixed('databricks_token', 'Databricks token', ['dapi'], '[0-9a-f]{32}(?:-\\d)?', 38),
  prefixed('doppler_token', 'Doppler token', ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.'], '[\\w.]{40,60}', 68),
  prefixed('fly_token', 'Fly.io token', ['fo1_', 'fm2_', 'FlyV1 fm2_'], '[A-Za-z0-9+/=_-]{40,600}', 620),
  rule({
    id: 'telegram_bot_token',
    type: 'Telegram bot token',
    anchors: [':AA'],
    reach: 12,
    expression: /\d{8,11}:AA[\w-]{33}/y,
    maxLength: 48,
    judge: (value) => (entropyOf(value.slice(-33)) < 3.5 ? undefined : { validity: 'form_only', principal: `bot ${value.split(':')[0] ?? ''}` }),
  }),
  rule({ id: 'discord_webhook', type: 'Discord webhook', anchors: ['discord.com/api/webhooks/', 'discordapp.com/api/webhooks/'], expression: /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/(?<value>[\w-]{60,70})/y, maxLength: 130, boundary: 'none' }),
  prefixed('linear_api_key', 'Linear API key', ['lin_api_'], '[0-9A-Za-z]{40}', 48),
  prefixed('grafana_token', 'Grafana token', ['glsa_', 'glc_'], '[0-9A-Za-z+/=_]{32,400}', 410),
  prefixed('new_relic_key', 'New Relic key', ['NRAK-'], '[0-9A-Z]{27}', 32),
  prefixed('shopify_token', 'Shopify token', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], '[0-9a-fA-F]{32}', 38),
  prefixed('docker_hub_token', 'Docker Hub token', ['dckr_pat_', 'dckr_oat_'], '[\\w-]{27,40}', 50),
  prefixed('notion_token', 'Notion token', ['ntn_'], '[0-9A-Za-z]{40,60}', 64),
  prefixed('pulumi_token', 'Pulumi token', ['pul-'], '[0-9a-f]{40}', 44),
  prefixed('planetscale_token', 'PlanetScale token', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], '[\\w=.-]{32,64}', 80),
  prefixed('atlassian_token', 'Atlassian API token', ['ATATT3'], '[\\w=-]{180,200}', 210, 4),
  prefixed('cloudflare_origin_key', 'Cloudflare origin CA key', ['v1.0-'], '[0-9a-f]{24}-[0-9a-f]{146}', 180),
  prefixed('dynatrace_token', 'Dynatrace token', ['dt0c01.'], '[A-Z0-9]{24}\\.[A-Z0-9]{64}', 96),
  prefixed('figma_token', 'Figma token', ['figd_'], '[\\w-]{38,60}', 66, 4),
  prefixed('google_access_token', 'Google OAuth access token', ['ya29.'], '[\\w-]{60,1000}', 1010, 4),
  prefixed('groq_api_key', 'Groq API key', ['gsk_'], '[0-9A-Za-z]{52}', 56, 4),
  prefixed('heroku_api_key', 'Heroku API key', ['HRKU-AA'], '[\\w-]{58}', 65, 4),
  prefixed('jfrog_api_key', 'JFrog API key', ['AKCp'], '[0-9A-Za-z]{69}', 73, 4),
  prefixed('one_password_token', '1Password service account token', ['ops_eyJ'], '[A-Za-z0-9+/=_-]{200,4000}', 4010, 4),
  prefixed('openrouter_api_key', 'OpenRouter API key', ['sk-or-v1-'], '[0-9a-f]{64}', 73),
  prefixed('postman_api_key', 'Postman API key', ['PMAK-'], '[0-9a-f]{24}-[0-9a-f]{34}', 64),
  prefixed('rubygems_api_key', 'RubyGems API key', ['rubygems_'], '[0-9a-f]{48}', 57),
  prefixed('sentry_token', 'Sentry token', ['sntryu_', 'sntrys_'], '(?:[0-9a-f]{64}|eyJ[\\w+/=-]{60,400})', 420),
  prefixed('sonarqube_token', 'SonarQube token', ['squ_', 'sqp_', 'sqa_'], '[0-9a-f]{40}', 44),
  prefixed('square_token', 'Square access token', ['sq0atp-', 'sq0csp-'], '[\\w-]{22,43}', 52),
  prefixed('supabase_token', 'Supabase token', ['sbp_'], '[0-9a-f]{40}', 44),
  prefixed('tailscale_key', 'Tailscale key', ['tskey-'], '(?:auth|api|client|scim|webhook)-[0-9A-Za-z]{10,24}-[0-9A-Za-z]{20,48}', 90),
  rule({
    id: 'azure_shared_access_signature',
    type: 'Azure shared access signature',
    anchors: ['sig='],
    expression: /sig=(?<value>(?:[A-Za-z0-9+/]|%2[BbFf]){43}(?:=|%3[Dd]))/y,
    maxLength: 140,
    boundary: 'none',
    // The version and the time of its end go with it, before or behind.
    judge: (_value, { text, start, end }) => (/[?&;]s[ev]=20\d\d-/.test(text.slice(Math.max(0, start - 400), end + 400)) ? { validity: 'form_only' } : undefined),
  }),
];
