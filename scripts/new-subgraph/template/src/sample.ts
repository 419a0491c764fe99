/** What a product has several of. */
export interface Sample {
  _id: string;
  productId: string;
  text: string;
  createdAt: Date;
}

/** A product has no more than this, so that the samples of a batch of products are a bounded query. */
export const maxSamplesPerProduct = 250;
