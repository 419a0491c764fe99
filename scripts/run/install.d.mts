/** For those who import install.mjs from TypeScript. */
export function ensureInstalled(
  root: string,
  options: { production: boolean },
): Promise<{ ok: true } | { ok: false; message: string; exitCode: number }>;
