import { useEffect, useState } from 'preact/hooks';

const query = matchMedia('(max-width: 719px)');

/** True where the screen is narrow, as that of a telephone. */
export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const onChange = (): void => setNarrow(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return narrow;
}
