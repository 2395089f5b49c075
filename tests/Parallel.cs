// Some wait for processes that they start: more classes at once than there are cores.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
