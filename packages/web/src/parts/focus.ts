import { type RefObject, useEffect } from "react";

/**
 * Keeps the keyboard's place: when what had the focus goes away (an answered card, a closed question), the focus moves to the
 * heading of the nearest part that is still there, and not to the top of the page.
 */
export function useFocusRescue(area: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = area.current;
    if (!root) return;
    let around: readonly Element[] = [];
    const remember = (event: FocusEvent) => {
      around = event.target instanceof Element ? ancestorsOf(event.target, root) : [];
    };
    const observer = new MutationObserver(() => {
      if (around.length === 0 || around[0]?.isConnected || document.activeElement !== document.body) return;
      const heading = headingNear(around);
      heading?.focus();
    });
    root.addEventListener("focusin", remember);
    observer.observe(root, { childList: true, subtree: true });
    return () => {
      root.removeEventListener("focusin", remember);
      observer.disconnect();
    };
  }, [area]);
}

function ancestorsOf(element: Element, root: Element): readonly Element[] {
  const found: Element[] = [];
  for (let at: Element | null = element; at && root.contains(at); at = at.parentElement) found.push(at);
  return found;
}

function headingNear(around: readonly Element[]): HTMLElement | null {
  for (const element of around) {
    if (!element.isConnected) continue;
    const heading = element.querySelector<HTMLElement>('h1[tabindex="-1"], h2[tabindex="-1"]');
    if (heading) return heading;
  }
  return null;
}
