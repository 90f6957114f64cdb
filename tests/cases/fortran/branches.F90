#include "config.h"
#ifdef DOUBLE
subroutine s(x, n)
#else
subroutine s(x)
#endif
  real x
#define MANY \
  lines \
  of this
  x = &
#ifdef PLUS
    + &
#endif
    1
end subroutine
