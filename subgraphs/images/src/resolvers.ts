import { badUserInput, shopError } from '@shop/shared/graphql/errors';
import { parseAfter, parseFirst } from '@shop/shared/graphql/paging';
import { parseInput } from '@shop/shared/graphql/parse-input';
import type { Resolvers } from '@shop/shared/graphql/subgraph-schema';
import { requireScope } from '@shop/shared/identity/caller';
import type { ImagesContext } from './context.ts';
import { createImage } from './create-image.ts';
import { type Image, maxImagesPerProduct } from './image.ts';
import { imageEditInput, newImageInput } from './image-input.ts';
import type { ImageStore } from './image-store.ts';

export interface ImagesDomain {
  store: ImageStore;
  newId: () => string;
}

/** The resolvers of the Images subgraph over its store. */
export function createResolvers(domain: ImagesDomain): Resolvers {
  return { Query: queries(domain), Mutation: mutations(domain), Image: imageFields, Product: productFields };
}

const imageFields = {
  __resolveReference: ({ _id }: { _id: unknown }, { imageById }: ImagesContext) =>
    imageById.load(String(_id)),
  product: ({ productId }: Image) => ({ __typename: 'Product', _id: productId }),
};

const productFields = {
  // Any id may be a product's: whether it is one, Products knows.
  __resolveReference: ({ _id }: { _id: unknown }) => ({ _id: String(_id) }),
  async images(
    { _id }: { _id: string },
    args: { first?: number | null },
    { imagesOfProduct }: ImagesContext,
  ): Promise<Image[]> {
    const first = parseFirst(args.first, 10);
    return (await imagesOfProduct.load(_id)).slice(0, first);
  },
};

function queries({ store }: ImagesDomain) {
  return {
    images: (_: unknown, { first, after }: { first?: number | null; after?: string | null }) =>
      store.page(parseAfter(after), parseFirst(first, 100)),
    image: (_: unknown, { id }: { id: string }, { imageById }: ImagesContext) => imageById.load(id),
  };
}

function mutations({ store, newId }: ImagesDomain) {
  return {
    async createImage(_: unknown, args: { input: unknown }, { caller }: ImagesContext) {
      requireScope(caller, 'products:write');
      const outcome = await createImage(parseInput(newImageInput, args.input, 'input'), { store, newId });
      if (outcome.kind === 'duplicate') refuseDuplicate();
      if (outcome.kind === 'full') {
        const message = `has ${maxImagesPerProduct} images already: delete one first`;
        throw badUserInput([{ path: 'input.productId', message }]);
      }
      return outcome.image;
    },
    async updateImage(_: unknown, { id, input }: { id: string; input: unknown }, { caller }: ImagesContext) {
      requireScope(caller, 'products:write');
      const image = await store.update(id, parseInput(imageEditInput, input, 'input'));
      if (image === 'duplicate') refuseDuplicate();
      return image ?? refuseUnknown(id);
    },
    async deleteImage(_: unknown, { id }: { id: string }, { caller }: ImagesContext) {
      requireScope(caller, 'products:write');
      return (await store.remove(id)) ?? refuseUnknown(id);
    },
  };
}

function refuseDuplicate(): never {
  throw shopError('DUPLICATE_IMAGE', 'The product already has an image with this url: choose another url.');
}

function refuseUnknown(id: string): never {
  throw shopError('NOT_FOUND', `There is no image with the id ${JSON.stringify(id.slice(0, 64))}.`);
}
