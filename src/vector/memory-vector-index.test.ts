import { testSpace, vectorIndexContract } from '../../test/contract/vector-index.ts';
import { MemoryVectorIndex } from './memory-vector-index.ts';

vectorIndexContract(async () => new MemoryVectorIndex(testSpace));
