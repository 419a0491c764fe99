export interface CatalogPage {
  nodes: { _id: string; name: string; images: { url: string }[] | null }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

export interface ShopClient {
  /** A page of the products on sale, or of those that are not, newest first. */
  readPage(status: 'ACTIVE' | 'INACTIVE', after: string | null): Promise<CatalogPage>;
  /** Resolves with the new product's _id. */
  createProduct(input: {
    name: string;
    price: number;
    quantity: number;
    description: string;
  }): Promise<string>;
  /** Answers false if the product has it already. */
  createImage(input: { productId: string; url: string; priority: number }): Promise<boolean>;
}

interface Answer {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

const timeoutMs = 30_000;

/** The few operations of the shop's public API that seeding needs, as the admin. */
export function createShopClient(url: string, apiSecret: string): ShopClient {
  const ask = async (query: string, variables: Record<string, unknown>): Promise<Answer> => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiSecret },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error) => {
      throw new Error(
        `The shop does not answer at ${url}: is it running? (${error.cause?.code ?? error.message})`,
      );
    });
    return (await answer.json().catch(() => {
      throw new Error(`What answers at ${url} (status ${answer.status}) is not the shop's GraphQL endpoint.`);
    })) as Answer;
  };
  const demand = async (
    query: string,
    variables: Record<string, unknown>,
  ): Promise<Record<string, unknown>> => {
    const { data, errors } = await ask(query, variables);
    if (errors?.length || !data) throw refusal(errors);
    return data;
  };
  return {
    async readPage(status, after) {
      return (await demand(catalogQuery, { status, after })).catalog as CatalogPage;
    },
    async createProduct(input) {
      return ((await demand(createProductMutation, { input })).createProduct as { _id: string })._id;
    },
    async createImage(input) {
      const { errors } = await ask(createImageMutation, { input });
      if (!errors?.length) return true;
      if (errors[0]?.extensions?.code === 'DUPLICATE_IMAGE') return false;
      throw refusal(errors);
    },
  };
}

const catalogQuery = `query SeedCatalog($status: ProductStatus, $after: String) {
  catalog(first: 250, status: $status, after: $after) {
    nodes { _id name images(first: 250) { url } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const createProductMutation =
  'mutation SeedProduct($input: CreateProductInput) { createProduct(input: $input) { _id } }';
const createImageMutation =
  'mutation SeedImage($input: CreateImageInput!) { createImage(input: $input) { _id } }';

function refusal(errors: Answer['errors']): Error {
  const messages = (errors ?? []).map(({ message, extensions }) => `${extensions?.code}: ${message}`);
  return new Error(`The shop refused: ${messages.join('; ') || 'no data'}`);
}
