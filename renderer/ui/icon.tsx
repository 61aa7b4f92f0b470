const PATHS = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20.5 20.5',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  down: 'M6 9.5l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  erase: 'M9 6h11v12H9l-5-6zM12 9.5l5 5M17 9.5l-5 5',
  lock: 'M6.5 11h11v9h-11zM9 11V8a3 3 0 0 1 6 0v3',
  warn: 'M12 4L21 20H3zM12 10v4.5M12 17.2v.3',
  offline: 'M4 9.5a12 12 0 0 1 16 0M7.5 13.2a7 7 0 0 1 9 0M12 18v.4M4 4l16 16',
  sync: 'M19 8A8 8 0 0 0 5 8.5M5 4v4.5h4.5M5 16a8 8 0 0 0 14-.5M19 20v-4.5h-4.5',
  gift: 'M4 10h16v4H4zM5.5 14v6h13v-6M12 10v10M12 10C8 10 7 4.5 10 4.5S12 10 12 10zM12 10c4 0 5-5.5 2-5.5S12 10 12 10z',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 8.5v7M11 8.5v7M13.5 8.5v7M16 8.5v7',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.8-4 3.3-5.5 6.5-5.5s5.7 1.5 6.5 5.5M16 5a3.2 3.2 0 0 1 0 6.3M18 15c2 .7 3.2 2.3 3.6 5',
  card: 'M3.5 6h17v12h-17zM3.5 10h17M7 14.5h4',
  stamp: 'M9.5 12C9.5 9 8 8.5 8 6.5a4 4 0 0 1 8 0c0 2-1.5 2.5-1.5 5.5h4v4h-13v-4zM5.5 19.5h13',
  import: 'M12 4v10M8 10.5l4 4 4-4M4.5 16v4h15v-4',
  export: 'M12 15V4.5M8 8l4-4 4 4M4.5 16v4h15v-4',
  segment: 'M12 3.5v8.5h8.5a8.5 8.5 0 1 1-8.5-8.5zM15.5 3.9a8.5 8.5 0 0 1 4.7 4.6h-4.7z',
  message: 'M4 5.5h16v11H10l-4 3.5v-3.5H4z',
  inbox: 'M4 13.5L6.5 5h11l2.5 8.5V19H4zM4 13.5h4.5l1 2.5h5l1-2.5H20',
  day: 'M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5V8M15.5 3.5V8M9 15l2.2 2.2L15.5 13',
  shop: 'M4.5 10v9.5h15V10M3.5 9.5L5.5 4.5h13l2 5a2.8 2.8 0 0 1-5.7 0 2.8 2.8 0 0 1-5.6 0 2.8 2.8 0 0 1-5.7 0zM10 19.5v-5h4v5',
  chart: 'M4.5 4.5V20h15.5M8.5 16.5v-4M12.5 16.5V8M16.5 16.5v-6',
  log: 'M6 4h12v16H6zM9 8.5h6M9 12h6M9 15.5h4',
  settings: 'M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9M15 5v5M9 14v5',
  columns: 'M4 5h16v14H4zM9.5 5v14M14.7 5v14',
  filter: 'M4 5.5h16L14 13v6l-4-2v-4z',
  undo: 'M8.5 5L4.5 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11H9',
} as const;
export type IconName = keyof typeof PATHS;

/** Line drawings of one weight; the text beside them says the same. */
export function Icon({ name, size = 20 }: Readonly<{ name: IconName; size?: number }>) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
