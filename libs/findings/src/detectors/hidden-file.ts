import { addedFiles, fileEvidence, isElf, isScript } from '../changed-files.ts';
import { detector } from '../detector.ts';
import { isSuspiciouslyHidden, isWritableFolder } from '../places.ts';

const usual = /\/\.(?:placeholder|keep|gitkeep|gitignore|dockerignore|dockerenv|containerenv|lock|pwd\.lock|updated|stamp|profile|bashrc|bash_logout|wget-hsts|lesshst|viminfo|python_history|bash_history|node_repl_history|rnd|Xauthority|xsession-errors|sudo_as_admin_successful|hushlogin|DS_Store|htaccess|env|npmrc|yarnrc|gitconfig|editorconfig|eslintrc|babelrc|nojekyll|build-id|buildid|htpasswd|erlang\.cookie|metadata_never_index|mongorc\.js|dbshell|psqlrc|psql_history|rediscli_history|mysql_history|sqlite_history|selected_editor|hgrc|inputrc|pam_environment|sh_history|hsts|screenrc|tmux\.conf|vimrc|nanorc|install4j|mvn|classpath|project|settings|snapshots|nfs[0-9a-f]+|sock|socket|pid)(?:\/|$)|\.(?:swp|swo|pid|lock|lck|sock)$/;

export const hiddenFile = detector({
  id: 'hidden-file',
  signal: 'S64',
  title: 'Hidden file or folder',
  version: 1,
  techniques: ['T1564.001'],
  severity: 'high',
  category: 'attack',
  needs: ['changed_files'],
  falsePositives: 'caches and settings of programs that begin with a dot',
  *detect(examination) {
    const folders = new Set<string>();
    for (const file of addedFiles(examination)) {
      if (!isSuspiciouslyHidden(file.path) || (usual.test(file.path) && file.path === file.path.trim()) || file.origin === 'volume') continue;
      const inside = [...folders].some((folder) => file.path.startsWith(`${folder}/`));
      const program = file.type === 'file' && (isElf(file) || isScript(file));
      const lure = isWritableFolder(file.path) || /^\/(?:dev|usr|bin|sbin|lib|etc|var\/(?:tmp|lib|spool))\//.test(file.path);
      const odd = file.path.split('/').some((part) => /^\.{3,}$/.test(part) || (part !== '' && part !== part.trim()));
      if (file.type === 'directory') {
        const own = file.path.slice(file.path.lastIndexOf('/') + 1);
        if ((own.startsWith('.') || odd) && (lure || odd)) {
          folders.add(file.path);
          yield { summary: `${file.path} is a hidden folder that was made after the container started`, confidence: odd ? 'high' : 'medium', evidence: [fileEvidence(file)], key: file.path };
        }
        continue;
      }
      // What lies in a hidden folder is told with it, programs apart; setuid programs are told by another detector.
      if (!program || (file.mode !== undefined && (file.mode & 0o6000) !== 0)) continue;
      yield { summary: `${file.path} is a hidden ${isElf(file) ? 'program' : 'script'} that was written after the container started`, confidence: lure || odd || inside ? 'high' : 'medium', evidence: [fileEvidence(file, file.sha256 === undefined ? undefined : `sha256 ${file.sha256}`)], facts: file.sha256 === undefined ? {} : { sha256: file.sha256 }, key: file.path };
    }
  },
});
