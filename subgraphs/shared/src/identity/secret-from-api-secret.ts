import { hkdfSync } from 'node:crypto';

/**
 * What stands in for a secret that is not configured: it follows from API_SECRET (HKDF, RFC 5869), so that every process of
 * a shop has the same, and says nothing of API_SECRET. Whoever has API_SECRET has this too, so a shop with anything to lose
 * sets a secret for each purpose.
 */
export function secretFromApiSecret(apiSecret: string, purpose: 'router' | 'signing keys'): string {
  return Buffer.from(hkdfSync('sha256', apiSecret, '', `shop ${purpose}`, 32)).toString('base64url');
}
