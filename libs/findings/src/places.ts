
/** Folders that anybody may write to, or that live in memory: no place for programs. */
export function isWritableFolder(path: string): boolean {
  return /^\/(?:tmp|var\/tmp|dev\/shm|run\/user|dev\/mqueue|var\/spool\/(?!cron)|var\/cache)\//.test(path) || /^\/(?:run|var\/run|var\/lock)\/[^/]+$/.test(path) || /^\/(?:dev|proc)\/(?!init$)[^/]+$/.test(path) || /\/\.cache\//.test(path);
}

/** Hidden folders that programs use openly. */
const openlyHidden = /\/\.(?:cache|npm|nvm|config|local|cargo|rustup|m2|gradle|gem|bundle|pyenv|rbenv|venv|yarn|pnpm|dotnet|nuget|java|vscode|git|docker|kube|ssh|gnupg|bun|deno|composer|ivy2|sbt|android|wine|mozilla|pki|virtualenvs|tox|pytest_cache|mypy_cache|next|terraform\.d|helm|ansible|jupyter|ipython|pulse|dbus|X11-unix|ICE-unix|font-unix|XIM-unix|Test-unix|s6-svscan|s\.PGSQL|wh|asdf|sdkman|krew|linuxbrew|volta|fnm|ghcup|opam|stack|cursor|pulumi|juliaup|mise|nodenv|jenv)(?:[/.-]|$)/;

/** Hidden folders in which only sockets lie, and device folders, which have no use for hidden ones. */
const holdsNoFiles = /\/\.(?:X11|ICE|font|XIM|Test)-unix\/.*[^\d/]|^\/dev\/(?:shm\/)?\.(?:config|local|ssh|git|cache|npm|docker|kube|gnupg)\//;

/** A name that is meant not to be seen: made of dots, with spaces at its ends, or with a dot before it where no program puts one. */
export function isSuspiciouslyHidden(path: string): boolean {
  const parts = path.split('/');
  if (parts.some((part) => /^\.{3,}$/.test(part) || part !== part.trim())) return true;
  return parts.some((part) => /^\.[^.]/.test(part)) && (!openlyHidden.test(path) || holdsNoFiles.test(path));
}

const programFolders = /^\/(?:usr\/(?:local\/)?)?(?:s?bin|lib(?:32|64|exec)?)\//;

export function isProgramFolder(path: string): boolean {
  return programFolders.test(path);
}

export function isLog(path: string): boolean {
  return /^\/var\/log\//.test(path) || /\.log(?:\.\d+)?$/.test(path) || /(?:^|\/)(?:auth|syslog|messages|secure|wtmp|btmp|lastlog|utmp)(?:\.log)?$/.test(path);
}

