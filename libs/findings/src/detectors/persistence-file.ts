import { addedFiles, fileEvidence, harmfulCommand, isElf, linesOf, packagesChanged, textOf } from '../changed-files.ts';
import { detector } from '../detector.ts';
import type { ExaminedFile, Examination } from '../examination.ts';
import type { Confidence, Observation } from '../finding.ts';

interface Kind {
  readonly id: string;
  readonly signal: string;
  readonly title: string;
  readonly techniques: readonly string[];
  readonly falsePositives: string;
  readonly matches: RegExp;
  /** What the file does, after its path: `runs commands by the clock`. */
  readonly does: string;
  /** How sure it is that the file is somebody's act; undefined: it is not told. */
  grade(file: ExaminedFile, packages: boolean): Confidence | undefined;
}

const bySource = (file: ExaminedFile, packages: boolean): Confidence => (harmfulCommand.test(textOf(file)) ? 'high' : packages ? 'low' : 'high');

/** Sources of names that come with every distribution; entrypoints write such a file so that `/etc/hosts` counts. */
const usualSources = /^\w+:(?:\s+(?:files|compat|db|dns|systemd|mymachines|myhostname|resolve|sss|nis|nisplus|mdns\w*|ldap|winbind|wins|\[[^\]]*\]))*\s*$/;

/** A file in a place where its content will be run later. Folders and links themselves say nothing. */
function fileDetector(kind: Kind) {
  const { id, signal, title, techniques, falsePositives } = kind;
  return detector({
    id,
    signal,
    title,
    version: 1,
    techniques,
    severity: 'high',
    category: 'attack',
    needs: ['changed_files'],
    falsePositives,
    detect: (examination) => observations(kind, examination),
  });
}

function* observations({ matches, does, grade }: Kind, examination: Examination): Iterable<Observation> {
  const packages = packagesChanged(examination);
  for (const file of addedFiles(examination)) {
    if ((file.type !== 'file' && file.type !== 'symlink') || !matches.test(file.path)) continue;
    const confidence = grade(file, packages);
    if (confidence === undefined) continue;
    const line = linesOf(file).find((each) => harmfulCommand.test(each)) ?? linesOf(file)[0] ?? file.linkTarget;
    yield { summary: `${file.path} was written after the container started and ${does}${line === undefined ? '' : `: ${line.slice(0, 160)}`}`, confidence, evidence: [fileEvidence(file, line)], key: file.path };
  }
}

export const cronJob = fileDetector({
  id: 'cron-job',
  signal: 'S41',
  title: 'Job that runs by the clock',
  techniques: ['T1053.003'],
  falsePositives: 'images whose purpose is cron and that write their table when they start',
  matches: /^\/(?:etc\/(?:cron(?:tab|\.d\/|\.(?:hourly|daily|weekly|monthly)\/)|anacrontab|periodic\/|crontabs\/)|var\/spool\/(?:cron\/|anacron\/|at\/|cron\/atjobs\/))/,
  does: 'runs commands by the clock',
  grade: (file, packages) => (/\/\.placeholder$|\/(?:dpkg|apt-compat|e2scrub_all|man-db|logrotate|exim4-base|passwd|mdadm|popularity-contest|0anacron|sysstat)$/.test(file.path) && packages ? undefined : linesOf(file).length === 0 && !isElf(file) ? undefined : bySource(file, packages)),
});

export const startUnit = fileDetector({
  id: 'start-unit',
  signal: 'S42',
  title: 'Service or script that runs at start',
  techniques: ['T1543.002', 'T1037.004', 'T1053.006'],
  falsePositives: 'packages that bring units along when they are installed',
  matches: /^\/(?:etc\/(?:systemd\/(?:(?:system|user)\/.+\.(?:service|timer|socket|path|conf)|(?:system|user)-generators\/)|init\.d\/[^/]+|inittab$|rc\.local|rc\d\.d\/|local\.d\/.+\.start$|runlevels\/|conf\.d\/local$|init\/[^/]+\.conf|udev\/rules\.d\/|xdg\/autostart\/|update-motd\.d\/|NetworkManager\/dispatcher\.d\/|modprobe\.d\/|apt\/apt\.conf\.d\/)|(?:(?:usr\/)?(?:local\/)?lib|run)\/(?:systemd\/(?:(?:system|user)\/.+\.(?:service|timer|socket|path|conf)|(?:system|user)-generators\/)|udev\/rules\.d\/)|(?:.+\/)?\.config\/(?:systemd\/user\/|autostart\/))/,
  does: 'is run when the system starts',
  // Settings of package managers and modules are written by every image; only commands in them say something.
  grade: (file, packages) => (harmfulCommand.test(textOf(file)) ? 'high' : packages || /\/(?:modprobe\.d|apt\.conf\.d)\//.test(file.path) ? undefined : 'medium'),
});

export const shellProfile = fileDetector({
  id: 'shell-profile',
  signal: 'S43',
  title: 'Change of what shells run when they start',
  techniques: ['T1546.004'],
  falsePositives: 'development containers and installers that add to profiles (nvm, conda, rustup)',
  matches: /^\/(?:etc\/(?:profile(?:\.d\/.+)?|bash\.bashrc|bashrc|zsh\/.+|zshrc|zshenv|environment|inputrc)|(?:.+\/)?\.(?:bashrc|bash_aliases|bash_profile|bash_login|bash_logout|profile|zshrc|zshenv|zprofile|zlogin|kshrc|cshrc|tcshrc|config\/fish\/config\.fish|pam_environment|xprofile|vimrc|inputrc))$/,
  does: 'is run by every shell',
  grade: (file, packages) => (harmfulCommand.test(textOf(file)) ? 'high' : packages || !/^\/(?:etc|root|home)\//.test(file.path) || /NVM_DIR|conda|rustup|SDKMAN|pyenv|rbenv/.test(textOf(file)) ? 'low' : /\/etc\/skel|\/environment$/.test(file.path) ? 'low' : 'medium'),
});

export const runtimeHook = fileDetector({
  id: 'runtime-hook-file',
  signal: 'S44',
  title: 'File that a language runs before every program',
  techniques: ['T1546.018'],
  falsePositives: 'packages with path files (setuptools, virtualenv, editable installs), monitoring agents',
  matches: /\/(?:sitecustomize|usercustomize)\.py$|\/(?:site|dist)-packages\/[^/]+\.pth$|\/\.pythonrc(?:\.py)?$|\/\.git\/hooks\/[^./]+$|\/conf\.d\/[^/]*auto_prepend[^/]*\.ini$|\/\.user\.ini$/,
  does: 'is run before every program of its language',
  grade: (file, packages) => {
    const text = textOf(file);
    const code = file.path.endsWith('.pth') ? /^\s*import\s.*(?:exec|eval|os\.|subprocess|socket|base64|urllib)/m.test(text) : text.trim() !== '' && !/distutils-precedence|coverage|ddtrace|newrelic|opentelemetry/.test(text);
    const harmful = harmfulCommand.test(text) || /\bsocket\b[^\n]*\bos\b|os\.system|subprocess\.|pty\.|exec\(.*(?:base64|urllib|decompress)/.test(text);
    if (!code && file.path.endsWith('.pth') && /^\s*import\s/m.test(text) && !/__editable__|_virtualenv|distutils-precedence|coverage|ddtrace|newrelic|opentelemetry/.test(text)) return packages ? 'low' : 'medium';
    return harmful && !packages ? 'high' : !code ? undefined : harmful || /socket|subprocess|base64|exec\(/.test(text) ? 'high' : packages ? 'low' : 'medium';
  },
});

export const pamChange = fileDetector({
  id: 'pam-change',
  signal: 'S45',
  title: 'Change of how logins are checked',
  techniques: ['T1556.003'],
  falsePositives: 'packages that bring PAM modules along',
  matches: /^\/(?:etc\/(?:pam\.d\/|pam\.conf|security\/(?:access|namespace|pam_env)\.\w+|nsswitch\.conf$)|(?:usr\/)?lib(?:64)?\/(?:[\w-]+-linux-gnu\w*\/)?(?:security\/pam_\w+\.so|libnss_\w+\.so|liblzma\.so|libselinux\.so|libpam\.so))/,
  does: 'decides who may log in',
  grade: (file, packages) => (file.path === '/etc/nsswitch.conf' && linesOf(file).every((line) => usualSources.test(line)) ? undefined : packages ? 'low' : 'high'),
});

export const authorizedKeys = fileDetector({
  id: 'authorized-keys',
  signal: 'S46',
  title: 'Key that lets somebody log in',
  techniques: ['T1098.004'],
  falsePositives: 'git servers and bastions, which write such files for their users',
  matches: /\/\.ssh\/(?:authorized_keys2?|rc|environment)$|^\/etc\/(?:ssh\/(?:authorized_keys\/|sshd_config(?:\.d\/.+)?$)|dropbear\/authorized_keys$)/,
  does: 'lets the holder of a key log in',
  grade: (file) => {
    const text = textOf(file);
    if (/sshd_config/.test(file.path)) return /^\s*(?:AuthorizedKeysCommand\s+(?!none\b)|PermitRootLogin\s+yes|PermitEmptyPasswords\s+yes|TrustedUserCAKeys|AuthorizedKeysFile\s+\/(?!etc|home|root))/im.test(text) ? 'medium' : undefined;
    return linesOf(file).length > 0 ? 'high' : undefined;
  },
});

export const sudoRule = fileDetector({
  id: 'sudo-rule',
  signal: 'S49',
  title: 'Right to act as root',
  techniques: ['T1548.003'],
  falsePositives: 'development containers that give their user sudo when they start',
  matches: /^\/etc\/(?:sudoers$|sudoers\.d\/[^.~]+$|doas\.conf$|doas\.d\/)/,
  does: 'says who may act as root',
  grade: (file, packages) => (linesOf(file).some((line) => /NOPASSWD|permit\s+nopass/.test(line)) ? 'high' : packages ? 'low' : 'medium'),
});
