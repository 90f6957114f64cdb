module particles
  implicit none
  private
  public :: particle, cloud, spin, mass_of

  type :: spin
    real(8) :: up = 0.5d0
  end type

  type :: particle
    real(8) :: mass = 1
    integer :: charge = 0
    real(8) :: place(3) = 0
    logical :: fixed = .false.
    character(8) :: name = 'proton'
    type(spin) :: turn
  contains
    procedure :: energy
  end type

  type :: cloud
    type(particle) :: members(100)
  end type

  interface mass_of
    module procedure mass_of_one, mass_of_number
  end interface

contains

  real(8) function energy(self, height)
    class(particle), intent(in) :: self
    real(8), intent(in) :: height
    energy = 9.81d0 * self%mass * height
  end function

  real(8) function mass_of_one(p)
    type(particle), intent(in) :: p
    mass_of_one = p%mass
  end function

  real(8) function mass_of_number(density)
    real(8), intent(in) :: density
    mass_of_number = 2 * density
  end function
end module
