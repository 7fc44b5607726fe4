import { useEffect, useState } from 'preact/hooks';

/** A value that changes with the theme in force, for what is painted on a canvas. */
export function useThemeKey(): string {
  const [key, setKey] = useState(themeKey);
  useEffect(() => {
    const follow = (): void => setKey(themeKey());
    const media = matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', follow);
    const observer = new MutationObserver(follow);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      media.removeEventListener('change', follow);
      observer.disconnect();
    };
  }, []);
  return key;
}

function themeKey(): string {
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}
