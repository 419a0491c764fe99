import {
  createImage,
  createProduct,
  createServiceClient,
  registerUser,
  type ShopAccess,
  type User,
} from './client.ts';
import { type Order, placeOrder } from './orders.ts';

/** What is there before any client operation runs. */
export interface World {
  readonly shop: ShopAccess;
  readonly user: User;
  readonly product: string;
  readonly image: string;
  /** CONFIRMED, of the user, with one of the product. */
  readonly order: string;
}

/** How a client operation is run, and what it must answer at least. */
export interface Run {
  readonly as: 'anyone' | 'user' | 'admin';
  readonly variables?: (world: World) => object | Promise<object>;
  readonly answers: (world: World) => object;
}

const picture = (name: string) => `https://pictures.example/${name}.png`;
const password = 'password';
const aPage = { pageInfo: { hasNextPage: false } };

export async function makeWorld(shop: ShopAccess): Promise<World> {
  const user = await registerUser(shop);
  const product = await createProduct(shop, { name: 'tea', price: 5 });
  const image = await createImage(shop, { productId: product, url: picture('tea'), priority: 90 });
  const { _id: order } = await buy(user, product);
  await createProduct(shop, { name: 'last year’s tea', status: 'INACTIVE' });
  return { shop, user, product, image, order };
}

function buy(user: User, product: string): Promise<Order> {
  return placeOrder(user, [{ _id: product, quantity: 1 }], { waitMs: 10_000 });
}

const aProduct = ({ shop }: World) => createProduct(shop, { name: 'cocoa' });
const anImage = async (world: World) =>
  createImage(world.shop, { productId: await aProduct(world), url: picture('cocoa') });
const aServiceClient = async ({ shop }: World) =>
  (await createServiceClient(shop, ['orders:read'])).client._id;
const anOrder = async ({ shop, product }: World, user?: User) =>
  (await buy(user ?? (await registerUser(shop)), product))._id;

async function aRefreshToken({ user }: World): Promise<string> {
  const { me } = await user.get<{ me: { username: string } }>('{ me { username } }');
  const { login } = await user.get<{ login: { refresh_token: string } }>(
    'mutation ($input: LoginInput!) { login(input: $input) { refresh_token } }',
    { input: { username: me.username, password } },
  );
  return login.refresh_token;
}

/** The runs of contracts/operations/storefront.graphql by the operation's name. */
const storefront: Readonly<Record<string, Run>> = {
  ShopWindow: {
    as: 'anyone',
    variables: () => ({ first: 1 }),
    answers: ({ product }) => ({
      products: [{ _id: product, name: 'tea', images: [{ url: picture('tea') }] }],
    }),
  },
  SearchCatalog: {
    as: 'anyone',
    variables: () => ({ search: 'te', sort: 'PRICE_ASC', first: 5 }),
    answers: ({ product }) => ({ catalog: { nodes: [{ _id: product }], ...aPage } }),
  },
  ProductPage: {
    as: 'anyone',
    variables: ({ product }) => ({ id: product }),
    answers: ({ product, image }) => ({
      product: { _id: product, images: [{ url: picture('tea') }], gallery: [{ _id: image, priority: 90 }] },
    }),
  },
  PictureViewer: {
    as: 'anyone',
    variables: ({ image }) => ({ id: image }),
    answers: ({ product }) => ({ image: { url: picture('tea'), product: { _id: product, name: 'tea' } } }),
  },
  SignUp: {
    as: 'anyone',
    variables: () => ({ input: { username: 'newcomer', password } }),
    answers: () => ({ registerUser: { user: { username: 'newcomer' } } }),
  },
  LogIn: {
    as: 'anyone',
    variables: async ({ user }) => {
      const { me } = await user.get<{ me: { username: string } }>('{ me { username } }');
      return { input: { username: me.username, password } };
    },
    answers: ({ user }) => ({ login: { user: { _id: user.userId } } }),
  },
  StayLoggedIn: {
    as: 'anyone',
    variables: async (world) => ({ refreshToken: await aRefreshToken(world) }),
    answers: ({ user }) => ({ refreshSession: { user: { _id: user.userId } } }),
  },
  LogOut: {
    as: 'anyone',
    variables: async (world) => ({ refreshToken: await aRefreshToken(world) }),
    answers: () => ({ logout: true }),
  },
  Account: { as: 'user', answers: ({ user }) => ({ me: { _id: user.userId } }) },
  ChangeProfile: {
    as: 'user',
    variables: () => ({ input: { displayName: 'Ann', email: 'ann@example.org' } }),
    answers: ({ user }) => ({
      updateProfile: { _id: user.userId, displayName: 'Ann', email: 'ann@example.org' },
    }),
  },
  ReplacePassword: {
    as: 'user',
    variables: () => ({ input: { currentPassword: password, newPassword: password } }),
    answers: ({ user }) => ({ changePassword: { _id: user.userId } }),
  },
  OrderState: {
    as: 'user',
    variables: ({ order }) => ({ id: order }),
    answers: ({ order }) => ({ order: { _id: order, status: 'CONFIRMED', total: 5 } }),
  },
  OrderPage: {
    as: 'user',
    variables: ({ order }) => ({ id: order }),
    answers: ({ order, product }) => ({
      order: {
        _id: order,
        products: [{ unitPrice: 5, product: { _id: product, images: [{ url: picture('tea') }] } }],
      },
    }),
  },
  OrderHistory: {
    as: 'user',
    variables: () => ({ first: 10, status: 'CONFIRMED' }),
    answers: ({ user, order }) => ({
      me: { _id: user.userId, orders: { edges: [{ node: { _id: order } }], ...aPage } },
    }),
  },
  Checkout: {
    as: 'user',
    variables: ({ product }) => ({
      products: [{ _id: product, quantity: 1_000 }],
      idempotencyKey: 'the basket',
      waitMs: 10_000,
    }),
    answers: ({ product }) => ({
      placeOrder: { status: 'REJECTED', shortages: [{ requested: 1_000, product: { _id: product } }] },
    }),
  },
  CallOff: {
    as: 'user',
    variables: async (world) => ({ id: await anOrder(world, world.user) }),
    answers: () => ({ cancelOrder: { status: 'CANCELLED' } }),
  },
};

/** The runs of contracts/operations/admin.graphql by the operation's name. */
const admin: Readonly<Record<string, Run>> = {
  AdminUsers: {
    as: 'admin',
    variables: () => ({ first: 1 }),
    answers: ({ user }) => ({ users: [{ _id: user.userId, orders: { nodes: [] } }] }),
  },
  AdminUser: {
    as: 'admin',
    variables: ({ user }) => ({ id: user.userId }),
    answers: ({ user }) => ({ user: { _id: user.userId, orders: aPage } }),
  },
  AdminOrders: {
    as: 'admin',
    variables: () => ({ first: 1, status: 'CONFIRMED' }),
    answers: () => ({ orders: [{ user: {}, products: [{ quantity: 1, product: { name: 'tea' } }] }] }),
  },
  AdminOrder: {
    as: 'admin',
    variables: ({ order }) => ({ id: order }),
    answers: ({ user, product }) => ({
      order: {
        user: { _id: user.userId },
        products: [{ product: { _id: product, price: 5 } }],
        shortages: null,
      },
    }),
  },
  AdminCancelOrder: {
    as: 'admin',
    variables: async (world) => ({ id: await anOrder(world) }),
    answers: () => ({ cancelOrder: { status: 'CANCELLED' } }),
  },
  AdminCatalog: {
    as: 'admin',
    variables: () => ({ status: 'INACTIVE', first: 10 }),
    answers: () => ({ catalog: { edges: [{ node: { name: 'last year’s tea' } }], ...aPage } }),
  },
  AddProduct: {
    as: 'admin',
    variables: () => ({ input: { name: 'coffee', price: 7, quantity: 3 } }),
    answers: () => ({ createProduct: { name: 'coffee', price: 7, quantity: 3, status: 'ACTIVE' } }),
  },
  ChangeProduct: {
    as: 'admin',
    variables: async (world) => ({ id: await aProduct(world), input: { price: 9 } }),
    answers: () => ({ updateProduct: { name: 'cocoa', price: 9 } }),
  },
  WithdrawProduct: {
    as: 'admin',
    variables: async (world) => ({ id: await aProduct(world) }),
    answers: () => ({ deleteProduct: { name: 'cocoa', images: [] } }),
  },
  CorrectStock: {
    as: 'admin',
    variables: async (world) => ({ id: await aProduct(world), delta: -4, reason: 'broken' }),
    answers: () => ({ adjustStock: { quantity: 6 } }),
  },
  AdminImages: {
    as: 'admin',
    variables: () => ({ first: 1 }),
    answers: ({ image, product }) => ({ images: [{ _id: image, product: { _id: product, name: 'tea' } }] }),
  },
  AddImage: {
    as: 'admin',
    variables: async (world) => ({ input: { productId: await aProduct(world), url: picture('new') } }),
    answers: () => ({ createImage: { url: picture('new'), product: { name: 'cocoa' } } }),
  },
  ChangeImage: {
    as: 'admin',
    variables: async (world) => ({ id: await anImage(world), input: { priority: 1 } }),
    answers: () => ({ updateImage: { url: picture('cocoa'), priority: 1 } }),
  },
  RemoveImage: {
    as: 'admin',
    variables: async (world) => ({ id: await anImage(world) }),
    answers: () => ({ deleteImage: {} }),
  },
  AdminServiceClients: {
    as: 'admin',
    variables: async (world) => {
      await aServiceClient(world);
      return { first: 1 };
    },
    answers: () => ({ serviceClients: [{}] }),
  },
  AddServiceClient: {
    as: 'admin',
    variables: () => ({ input: { name: 'the ERP', scopes: ['orders:read', 'internal'] } }),
    answers: () => ({ createServiceClient: { client: { scopes: ['orders:read', 'internal'] } } }),
  },
  RotateServiceClientSecret: {
    as: 'admin',
    variables: async (world) => ({ id: await aServiceClient(world) }),
    answers: () => ({ rotateServiceClientSecret: { client: {} } }),
  },
  RevokeServiceClient: {
    as: 'admin',
    variables: async (world) => ({ id: await aServiceClient(world) }),
    answers: () => ({ revokeServiceClient: {} }),
  },
};

/** The runs of contracts/operations/internal/, on the internal graph. */
const internal: Readonly<Record<string, Run>> = {
  StockAudit: {
    as: 'admin',
    variables: () => ({ first: 1 }),
    answers: ({ product }) => ({ products: [{ _id: product, inventory: { reserved: 0 } }] }),
  },
};

/** How each client operation is run, but those of v1, which run word for word. */
export const runs: Readonly<Record<string, Run>> = { ...storefront, ...admin, ...internal };
