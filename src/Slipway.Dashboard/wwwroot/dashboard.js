// The few things that only a script can do. Runs before the first paint, so that no dark page flashes white.
(() => {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => { try { return localStorage.getItem('slipway.theme'); } catch { return null; } };
  const isDark = () => (chosen() ?? (media.matches ? 'dark' : 'light')) === 'dark';
  const show = () => { document.documentElement.dataset.theme = isDark() ? 'dark' : 'light'; };
  show();

  const isField = element => element?.closest('input, textarea, select, [contenteditable]');
  const rows = () => [...document.querySelectorAll('[data-row]')];
  let prefix = '';

  // A dialog is called what its title says; the component library leaves that to the page.
  new MutationObserver(() => {
    for (const dialog of document.querySelectorAll('[role=dialog]:not([aria-labelledby])')) {
      const title = dialog.querySelector('.mud-dialog-title');
      if (!title) continue;
      title.id ||= `${dialog.id}-title`;
      dialog.setAttribute('aria-labelledby', title.id);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });

  globalThis.slipway = {
    isDark,
    setDark(dark) {
      try { localStorage.setItem('slipway.theme', dark ? 'dark' : 'light'); } catch { /* Without storage it lasts as long as the page. */ }
      document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    },
    focus(selector) {
      const element = document.querySelector(selector);
      element?.focus();
      element?.select?.();
    },
    move(by) {
      const all = rows();
      const at = all.indexOf(document.activeElement);
      const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
      next?.focus();
      next?.scrollIntoView({ block: 'nearest' });
    },
    listen(page) {
      // Whoever chose nothing goes with the system, which may turn dark in the evening.
      media.addEventListener('change', () => {
        if (chosen()) return;
        show();
        page.invokeMethodAsync('OnSystemTheme', isDark());
      });
      document.addEventListener('keydown', event => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
        if (event.key === 'Escape' && document.activeElement?.matches('[data-filter]')) { document.activeElement.blur(); return; }
        if (isField(event.target) || document.querySelector('[role=dialog]')) return;
        const key = prefix + event.key;
        prefix = event.key === 'g' && !prefix ? 'g ' : '';
        if (!['/', '?', 'j', 'k', 't', 'g o', 'g a', 'g f', 'g z'].includes(key)) return;
        event.preventDefault();
        page.invokeMethodAsync('OnKey', key);
      });
    },
  };
})();
