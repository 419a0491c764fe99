import catalogue from './catalogue.json' with { type: 'json' };

export interface DemoProduct {
  name: string;
  /** In minor units. */
  price: number;
  quantity: number;
  description: string;
  /** URLs, the one to show first in front. */
  images: string[];
}

export const demoCatalogue: readonly DemoProduct[] = catalogue;
