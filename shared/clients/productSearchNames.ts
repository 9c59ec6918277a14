/** Full resource names of one project, as the Product Search client sends them. Ids are neither escaped nor checked. */
export interface ProductSearchNames {
  location(location: string): string;
  productSet(location: string, id: string): string;
  product(location: string, id: string): string;
  referenceImage(location: string, productId: string, id: string): string;
}

export function createProductSearchNames(project: string): ProductSearchNames {
  const location = (id: string) => `projects/${project}/locations/${id}`;
  return {
    location,
    productSet: (at, id) => `${location(at)}/productSets/${id}`,
    product: (at, id) => `${location(at)}/products/${id}`,
    referenceImage: (at, productId, id) => `${location(at)}/products/${productId}/referenceImages/${id}`,
  };
}
