subroutine s(f, g, h, x, n, c, obj, iface, *)
  !f2py intent(callback, hide) hid
  external f
  procedure(fi) :: g
  real x(n), h
  character c
  type(t) obj
  interface
    function iface(x)
    end function
  end interface
  if (n > 1) call f(x, n+1, 'A;(B', (/ 1, 2 /)); y = g(x(1,2)) + f(g(n)) ! call f(q)
  label: do i = 1, n
    call hid( a, &
       ! comment f(
       b )
    y = h(3) + x(1) + iface(h(1)) + F ( [1,2], a(:,1), k=3 )
    call f; call f()
    call obj%f(x)
    c(1:2) = obj%g(2)
    write(*,*) "f(1)", 'call f(2)'
    call other(f, g)
    if (f(1) == g(2) .and. f(3)) return
    call f(x, &
           "a&
           &B")
  end do label
  call f(unclosed
  entry e(late)
  call late(1)
contains
  subroutine internal(y, g)
    call f(y, y)
    call g(1)
    x = g(2)
  end subroutine
end subroutine
subroutine unread(a, k)
  include 'missing.inc'
  external k
  x = a(1) + k(2)
  call a(3)
end subroutine
