/** What our programs ask of Node. */

/**
 * The centre makes much that lives as long as a request: with more room for the young, a tenth less of its time goes
 * into looking through them (measured, 10,000 ops pushed).
 */
export const CRM_NODE_FLAGS = ['--max-semi-space-size=64'];
