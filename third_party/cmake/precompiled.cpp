// CMake wants a source for a target that only holds precompiled headers.
