import { type ReactNode, useEffect, useRef } from "react";
import { words } from "../words.ts";

/** Where the last heading was shown; the first page of all leaves the focus where the browser put it. */
let shownBefore = false;

/** Shows the page's heading, names the window after it, and takes the focus when the page changes. */
export function PageHeading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = words.app.title(title);
  }, [title]);
  useEffect(() => {
    if (shownBefore) heading.current?.focus();
    shownBefore = true;
  }, []);
  return (
    <div className="page-heading">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  );
}
