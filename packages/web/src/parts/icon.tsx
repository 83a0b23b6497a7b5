const paths = {
  clock: "M12 7v5l3.5 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  pin: "M12 21s7-6.2 7-11.5a7 7 0 1 0-14 0C5 14.8 12 21 12 21Zm0-9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  people:
    "M15.5 20v-1.5a3.5 3.5 0 0 0-3.5-3.5H6.5A3.5 3.5 0 0 0 3 18.5V20M9.2 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM21 20v-1.5a3.5 3.5 0 0 0-2.6-3.4M15.6 4.7a3.5 3.5 0 0 1 0 6.6",
  person: "M5 20v-1a4 4 0 0 1 4-4h6a4 4 0 0 1 4 4v1M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z",
  repeat: "M17 3l3 3-3 3M4 11V9a3 3 0 0 1 3-3h13M7 21l-3-3 3-3M20 13v2a3 3 0 0 1-3 3H4",
  warning:
    "M12 9v4.5M12 17h.01M10.4 4.2 2.7 17.5A1.8 1.8 0 0 0 4.3 20h15.4a1.8 1.8 0 0 0 1.6-2.5L13.6 4.2a1.9 1.9 0 0 0-3.2 0Z",
  overlap: "M4 4h10v10H4zM10 10h10v10H10z",
  in: "M12 4v13M6.5 11.5 12 17l5.5-5.5M5 20.5h14",
  out: "M12 17V4M6.5 9.5 12 4l5.5 5.5M5 20.5h14",
  plus: "M12 5v14M5 12h14",
  check: "M5 12.5l4.5 4.5L19 7.5",
} as const;

/** Names the icons there are. */
export type IconName = keyof typeof paths;

/** Draws an icon beside words that say the same; so it is hidden from screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
