/** The page with its script and style, as one HTML text: made by `pagePlugin.mjs` when the function is bundled. */
declare module 'virtual:console-page' {
  export const pageHtml: string;
}
