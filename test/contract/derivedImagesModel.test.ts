/** The contract of `DerivedImages`, on the model itself. */
import { modelDerivedImages } from '../../local/cloudinary/derivedImages';
import { createAccount } from '../local/cloudinary/account';
import { CONTRACT_LIMITS, testDerivedImages } from './derivedImages';

testDerivedImages(async () => {
  const { model } = createAccount(CONTRACT_LIMITS);
  return { model, images: modelDerivedImages(model) };
});
