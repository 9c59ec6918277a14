import { countProductSets, IMAGES_OF_PRODUCTS } from '../../shared/console/countProductSets';
import { createProductSetBoard } from '../../shared/console/productSetBoard';
import { ServiceError } from '../../shared/core/errors';
import { createWorld, type World } from './records';

const PATIENCE_MS = 1_000;

async function addProduct({ ports: { productSearch } }: World, id: string, images: number, ...sets: string[]) {
  const product = { id, displayName: id, description: '', productCategory: 'toys-v2', productLabels: [] };
  await productSearch.createProduct('us-west1', product);
  for (const set of sets) await productSearch.addProductToProductSet('us-west1', set, id);
  for (let index = 0; index < images; index += 1) {
    const image = { id: `i${index}`, uri: 'gs://images/shoe.png', boundingPolys: [] };
    await productSearch.createReferenceImage('us-west1', id, image);
  }
}

async function worldWithSets(...ids: string[]): Promise<World> {
  const world = createWorld();
  for (const id of ids) await world.ports.productSearch.createProductSet('us-west1', { id, displayName: id });
  return world;
}

const exactly = (value: number) => ({ value, isMore: false });

describe('the count', () => {
  it('takes a product into every set that it is in, and asks for its images once', async () => {
    const world = await worldWithSets('shoes', 'sale');
    await addProduct(world, 'a', 2, 'shoes', 'sale');
    await addProduct(world, 'b', 1, 'shoes');
    await addProduct(world, 'c', 5);

    const count = await countProductSets(world.ports.productSearch, 'us-west1');

    expect(count.sets).toMatchObject([
      { id: 'sale', products: exactly(1), images: exactly(2) },
      { id: 'shoes', products: exactly(2), images: exactly(3) },
    ]);
    expect(count).toMatchObject({ orphans: 1, isMore: false, calls: 1 + 2 + 2 + 1 });
  });

  it('says that there are more images where it stopped counting', async () => {
    const { ports } = createWorld();
    const items = Array.from({ length: 100 }, (_, index) => ({ id: `p${index}` }));
    let page = 0;
    const productSearch = {
      ...ports.productSearch,
      listProductSets: async () => ({ items: [{ id: 's', displayName: '' }] }),
      listProductsInProductSet: async () => {
        page += 1;
        const products = items.map(({ id }) => ({ ...BLANK, id: `${page}-${id}` }));
        return { items: products, nextPageToken: page < 3 ? 'more' : '' };
      },
      listProducts: async () => ({ items: [] }),
      listReferenceImages: async () => ({ items: [{ id: 'i', uri: 'gs://b/o', boundingPolys: [] }] }),
    };

    const { sets } = await countProductSets(productSearch, 'us-west1');

    expect(sets).toMatchObject([{ products: exactly(300), images: { value: IMAGES_OF_PRODUCTS, isMore: true } }]);
  });

  it('does not count orphans where not every product was listed', async () => {
    const { ports } = createWorld();
    const listProducts = async () => ({ items: [], nextPageToken: 'more' });

    expect(await countProductSets({ ...ports.productSearch, listProducts }, 'us-west1')).not.toHaveProperty('orphans');
  });
});

const BLANK = { displayName: '', description: '', productCategory: 'toys-v2', productLabels: [] };

describe('the board', () => {
  it('counts again only after a while', async () => {
    const world = await worldWithSets('shoes');
    const board = createProductSetBoard(world.ports);
    const sizes = async () => (await board(PATIENCE_MS)).map(({ sets }) => sets?.length);
    await sizes();
    await sizes();
    await world.ports.productSearch.createProductSet('us-west1', { id: 'new', displayName: 'New' });

    expect((await sizes())[0]).toBe(1);
    world.pass(3_000 + 3 * 100);
    await sizes();
    expect((await sizes())[0]).toBe(2);
  });

  it('shows the fault of one location beside the numbers of the others, and what was counted before', async () => {
    const world = await worldWithSets('shoes');
    const { productSearch } = world.ports;
    const broken = new Set<string>(['us-east1']);
    const listProductSets: typeof productSearch.listProductSets = async (location, query) => {
      if (broken.has(location)) throw new ServiceError('ProductSearch.ListProductSets', 'PERMISSION_DENIED', 'no');
      return productSearch.listProductSets(location, query);
    };
    const board = createProductSetBoard({ ...world.ports, productSearch: { ...productSearch, listProductSets } });
    await board(PATIENCE_MS);
    const first = await board(PATIENCE_MS);
    broken.add('us-west1');
    world.pass(60_000);
    await board(PATIENCE_MS);
    const second = await board(PATIENCE_MS);

    const error = 'ProductSearch.ListProductSets: PERMISSION_DENIED: no';
    expect(first[0]).toMatchObject({ location: 'us-west1', sets: [{ id: 'shoes' }] });
    expect(first[1]).toEqual({ location: 'us-east1', error });
    expect(second[0]).toMatchObject({ sets: [{ id: 'shoes' }], error });
  });

  it('does not wait for a service that does not answer', async () => {
    const world = createWorld();
    const listProductSets = () => new Promise<never>(() => undefined);
    const productSearch = { ...world.ports.productSearch, listProductSets };

    expect(await createProductSetBoard({ ...world.ports, productSearch })(PATIENCE_MS)).toContainEqual({
      location: 'us-west1',
    });
  });
});
