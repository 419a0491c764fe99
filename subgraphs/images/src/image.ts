/** A picture of a product. */
export interface Image {
  _id: string;
  productId: string;
  /** http(s); unique per product. */
  url: string;
  /** 0..100; the highest comes first. */
  priority: number;
}

/** A product has no more images than this, so that the images of a batch of products are a bounded query. */
export const maxImagesPerProduct = 250;
