/**
 * `npm run keys:router`: a new key pair by which subgraphs know the router, as the lines of an environment file. It needs no
 * package, and keeps nothing.
 */
import { generateKeyPairSync } from 'node:crypto';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
console.log(`ROUTER_PRIVATE_KEY=${JSON.stringify(privateKey.export({ format: 'jwk' }))}`);
console.log(`ROUTER_PUBLIC_KEYS=${JSON.stringify(publicKey.export({ format: 'jwk' }))}`);
