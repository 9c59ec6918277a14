/** The console's icon: a reference image with its bounding polygon. */
export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#1f4e79"/>
<path d="M7 8h18v16H7z" fill="none" stroke="#fff" stroke-width="2"/>
<path d="M12 20l3-8 7 3-2 6z" fill="#fff"/>
</svg>`;
