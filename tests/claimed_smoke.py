"""Call a routine for every global name of generated modules: a plain script, for any Python from 3.9 on with NumPy.

`tests/write_claimed.py` writes the module ``claimed``, whose routines add their place in ``__all__`` to a number.
"""

import pickle
import platform
import sys

import claimed


def main():
    for _ in range(3):
        for place, name in enumerate(claimed.__all__):
            routine = getattr(claimed, name)
            holder = type("Holder", (), {"call": routine})()
            results = (routine(1), routine(x=1.0), holder.call(1))
            assert results == (place + 1,) * 3, (name, results)
            assert routine.__name__ == name
            assert pickle.loads(pickle.dumps(routine)) is routine
    version = f"{platform.python_implementation()} {platform.python_version()}"
    sys.stdout.write(f"{version}: {len(claimed.__all__)} names are free\n")


if __name__ == "__main__":
    main()
