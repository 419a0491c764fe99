/** What a GraphQL server answered; `codes` are those of the errors, in their order. */
export interface Answer<Data> {
  data: Data;
  errors: GraphqlError[];
  codes: string[];
}

export interface GraphqlError {
  message: string;
  path?: (string | number)[];
  extensions: { code: string; fields?: { path: string; message: string }[] };
}

export interface Client {
  /** The answer with its errors. */
  ask<Data = Record<string, unknown>>(query: string, variables?: object): Promise<Answer<Data>>;
  /** The data alone; throws when there is any error. */
  get<Data = Record<string, unknown>>(query: string, variables?: object): Promise<Data>;
}

// Longer than any answer may take (waitMs of 10 s), short enough that a hang fails its test.
const answerWithinMs = 20_000;

/** A client of the shop at an origin that sends these headers with every operation; `more` are made anew for each. */
export function createClient(
  origin: string,
  headers: Record<string, string> = {},
  more?: () => Promise<Record<string, string>>,
): Client {
  const ask = async <Data>(query: string, variables: object = {}): Promise<Answer<Data>> => {
    const answer = await fetch(`${origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...(await more?.()) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    const { data, errors = [] } = (await answer.json()) as { data: Data; errors?: GraphqlError[] };
    return { data, errors, codes: errors.map(({ extensions }) => extensions.code) };
  };
  const get = async <Data>(query: string, variables?: object): Promise<Data> => {
    const { data, errors } = await ask<Data>(query, variables);
    if (errors.length > 0) throw new Error(`${query}\nanswered ${JSON.stringify(errors)}`);
    return data;
  };
  return { ask, get };
}

/** Where the shop is and its admin's key. */
export interface ShopAccess {
  url: string;
  apiSecret: string;
}

export const adminOf = ({ url, apiSecret }: ShopAccess) => createClient(url, { 'x-api-key': apiSecret });

export interface User extends Client {
  userId: string;
  token: string;
}

let registered = 0;

/** Registers a user under a name that no other call takes. */
export async function registerUser({ url }: { url: string }): Promise<User> {
  registered += 1;
  const input = { username: `user${registered}.${Date.now().toString(36)}`, password: 'password' };
  const { registerUser: result } = await createClient(url).get<{
    registerUser: { access_token: string; user: { _id: string } };
  }>('mutation ($input: RegisterUserInput) { registerUser(input: $input) { access_token user { _id } } }', {
    input,
  });
  const token = result.access_token;
  return {
    ...createClient(url, { authorization: `Bearer ${token}` }),
    userId: result.user._id,
    token,
  };
}

/** Adds a product as the admin and gives its _id. */
export async function createProduct(
  shop: ShopAccess,
  product: { name?: string; price?: number; quantity?: number; status?: 'ACTIVE' | 'INACTIVE' } = {},
): Promise<string> {
  const input = { name: 'Something', price: 100, quantity: 10, ...product };
  const { createProduct: created } = await adminOf(shop).get<{ createProduct: { _id: string } }>(
    'mutation ($input: CreateProductInput) { createProduct(input: $input) { _id } }',
    { input },
  );
  return created._id;
}

/** Adds an image to a product as the admin and gives its _id. */
export async function createImage(
  shop: ShopAccess,
  input: { productId: string; url: string; priority?: number },
): Promise<string> {
  const { createImage: created } = await adminOf(shop).get<{ createImage: { _id: string } }>(
    'mutation ($input: CreateImageInput!) { createImage(input: $input) { _id } }',
    { input },
  );
  return created._id;
}

export interface ServiceClient {
  client: { _id: string; scopes: string[] };
  secret: string;
}

/** Lets another server call the shop, as the admin. */
export async function createServiceClient(
  shop: ShopAccess,
  scopes: readonly string[],
): Promise<ServiceClient> {
  const { createServiceClient: created } = await adminOf(shop).get<{ createServiceClient: ServiceClient }>(
    'mutation ($input: CreateServiceClientInput!) { createServiceClient(input: $input) { client { _id scopes } secret } }',
    { input: { name: 'another server', scopes } },
  );
  return created;
}
