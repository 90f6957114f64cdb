! Allocatable arguments whose memory Fortran keeps, replaces, moves or frees during the call.
module rearranged
  implicit none
  integer, allocatable :: moved(:)
  enum, bind(c)
    enumerator :: keep, replace, grow, free, move
  end enum
contains
  subroutine change(a, way)
    integer, allocatable, intent(inout) :: a(:)
!f2py intent(in, out) a
    integer, intent(in) :: way
    integer, allocatable :: other(:)

    allocate (other(size(a)))
    other = a + 1
    select case (way)
    case (keep)
      a = other
    case (replace)
      deallocate (a)
      allocate (a(size(other)))
      a = other
    case (grow)
      a = [other, 0]
    case (free)
      deallocate (a)
    case (move)
      call move_alloc(a, moved)
      call move_alloc(other, a)
    end select
  end subroutine change

  ! one for the caller's own array
  subroutine change_in_place(a, way)
    integer, allocatable, intent(inout) :: a(:)
    integer, intent(in) :: way

    call change(a, way)
  end subroutine change_in_place

  subroutine visit(a, visitor)
    integer, allocatable, intent(inout) :: a(:)
    interface
      subroutine visitor()
      end subroutine visitor
    end interface

    a = a + 1
    call visitor()
    a = a + 1
  end subroutine visit
end module rearranged
